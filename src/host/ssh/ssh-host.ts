/**
 * @file A host behind ssh: OpenSSH's own client with the user's own configuration, keys and known hosts. Nothing is ever asked and no check is turned off.
 */
import type { Host } from '../host.ts'
import { runCommand } from './command.ts'
import { SshConnection } from './connection.ts'
import { downloadFolder, uploadFolder } from './copy.ts'
import { readRemoteFile, remoteCacheDirectory, remoteFileExists, removeRemoteFile, writeRemoteFile, type RemoteHost } from './files.ts'
import { SshForwards } from './forward.ts'
import { remoteProcess, startAttached, startDetached, type AttachedProgram } from './process.ts'
import { parseSshTarget } from './target.ts'

/** How to reach a host, where the user's ssh configuration does not say it. */
export interface SshHostOptions {
  /** Given to ssh, for example `['-F', file]`. */
  readonly sshOptions?: readonly string[]
  /** How long an operation waits for a lost connection to come back. Default: 5 minutes. */
  readonly retryForMs?: number
}

const RETRY_FOR_MS = 300_000
const FIRST_RETRY_FOR_MS = 15_000
const CONNECT_TIMEOUT_SECONDS = 10
const CLOSE_GRACE_MS = 2000

/** The host of a reference such as `ssh://user@gpu1:2222`, connected when first used. @throws HostInvalidError */
export function createSshHost(reference: string, { sshOptions = [], retryForMs = RETRY_FOR_MS }: SshHostOptions = {}): Host {
  const target = parseSshTarget(reference)
  const connectTimeoutSeconds = Math.max(1, Math.min(CONNECT_TIMEOUT_SECONDS, Math.ceil(retryForMs / 1000)))
  const firstRetryForMs = Math.min(retryForMs, FIRST_RETRY_FOR_MS)
  const connection = new SshConnection({ target, sshOptions, connectTimeoutSeconds, retryForMs, firstRetryForMs })
  const host: RemoteHost = { connection, name: target.name }
  const forwards = new SshForwards(connection)
  const attached = new Set<AttachedProgram>()
  return {
    name: target.name,
    isLocal: false,
    cacheDirectory: () => remoteCacheDirectory(host),
    run: (command, options) => runCommand(connection, command, options),
    start: async (options) => {
      if (options.life === 'detached') return startDetached(host, options)
      const program = await startAttached(host, options)
      attached.add(program)
      return program.process
    },
    attach: (pid) => Promise.resolve(remoteProcess(host, pid)),
    upload: (localDirectory, hostDirectory) => uploadFolder(host, { from: localDirectory, to: hostDirectory }),
    download: (hostDirectory, localDirectory) => downloadFolder(host, { from: hostDirectory, to: localDirectory }),
    writeFile: (path, content, { secret = false } = {}) => writeRemoteFile(host, { path, content, isSecret: secret }),
    readFrom: (path, offset) => readRemoteFile(host, path, offset),
    exists: (path) => remoteFileExists(host, path),
    remove: (path) => removeRemoteFile(host, path),
    exposePort: (localPort) => forwards.open({ direction: 'fromHost', targetPort: localPort }),
    reachPort: (hostPort) => forwards.open({ direction: 'toHost', targetPort: hostPort }),
    close: async () => {
      await Promise.all([...attached].map((program) => program.end(CLOSE_GRACE_MS)))
      attached.clear()
      await connection.close()
    },
  }
}
