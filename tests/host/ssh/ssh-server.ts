/**
 * @file A real sshd on loopback with keys and configuration of its own, for this user. `cut` drops the connections that stand, as a lost network would.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const SSHD = '/usr/sbin/sshd'
const SSH_KEYGEN = '/usr/bin/ssh-keygen'

export interface SshServer {
  /** An alias of the client configuration. */
  readonly reference: 'ssh://box'
  readonly sshOptions: readonly string[]
  readonly directory: string
  readonly port: number
  /** Options with another known_hosts file. */
  withKnownHosts(content: string): readonly string[]
  /** Options with a key that the server does not know. */
  withUnknownKey(): readonly string[]
  /** Kills what serves the present connections, not the listener. */
  cut(): void
  /** Ends the listener and all connections; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Ends everything and removes its files. */
  close(): Promise<void>
}

/** Why the tests with a real sshd cannot run here; null when they can. */
export function sshdMissing(): string | null {
  if (!existsSync(SSHD) || !existsSync(SSH_KEYGEN)) return `no ${SSHD} (Debian: apt install openssh-server openssh-client)`
  if (!existsSync('/proc/self/stat')) return 'no /proc, which connections are cut with'
  return null
}

export async function startSshServer(): Promise<SshServer> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-sshd-'))
  const port = await freePort()
  for (const name of ['host_key', 'client_key', 'unknown_key']) makeKey(join(directory, name))
  copyFileSync(join(directory, 'client_key.pub'), join(directory, 'authorized_keys'))
  writeFileSync(join(directory, 'sshd_config'), serverConfig(directory, port))
  writeFileSync(join(directory, 'known_hosts'), `[127.0.0.1]:${port} ${readFileSync(join(directory, 'host_key.pub'), 'utf8')}`)
  // Run by root, sshd wants this folder for its unprivileged part.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })

  const client = (settings: { key: string; knownHosts: string }): readonly string[] => {
    const file = join(directory, `config-${settings.key}-${settings.knownHosts}`)
    writeFileSync(file, clientConfig(directory, port, settings))
    return ['-F', file]
  }
  let server = await startServer(directory, port)
  const stop = async (): Promise<void> => {
    const ended = once(server, 'close')
    // The listener collects what ended before it ends itself: nobody else would.
    for (let left = sshdChildren(server.pid ?? 0); left.length > 0; left = sshdChildren(server.pid ?? 0)) {
      left.forEach(killQuietly)
      await delay(10)
    }
    server.kill('SIGKILL')
    await ended
  }
  return {
    reference: 'ssh://box',
    sshOptions: client({ key: 'client_key', knownHosts: 'known_hosts' }),
    directory,
    port,
    withKnownHosts: (content) => {
      writeFileSync(join(directory, 'other_hosts'), content)
      return client({ key: 'client_key', knownHosts: 'other_hosts' })
    },
    withUnknownKey: () => client({ key: 'unknown_key', knownHosts: 'known_hosts' }),
    cut: () => sshdChildren(server.pid ?? 0).forEach(killQuietly),
    stop,
    start: async () => {
      server = await startServer(directory, port)
    },
    close: async () => {
      if (server.exitCode === null && server.signalCode === null) await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function startServer(directory: string, port: number): Promise<ReturnType<typeof spawn>> {
  const server = spawn(SSHD, ['-D', '-e', '-f', join(directory, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()))
  while (!(await isListening(port))) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${log}`)
    await delay(20)
  }
  return server
}

function serverConfig(directory: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${directory}/host_key`,
    `AuthorizedKeysFile ${directory}/authorized_keys`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'UseDNS no',
    'LogLevel ERROR',
    // bash then does not read the user's own start-up files, which may take long.
    'SetEnv SHLVL=2',
    '',
  ].join('\n')
}

function clientConfig(directory: string, port: number, { key, knownHosts }: { key: string; knownHosts: string }): string {
  return [
    'Host box',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${userInfo().username}`,
    `  IdentityFile ${directory}/${key}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${directory}/${knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    // A user's own forward must not be asked for again by each of our sessions.
    `  LocalForward 127.0.0.1:${port} 127.0.0.1:9`,
    '',
  ].join('\n')
}

function makeKey(path: string): void {
  execFileSync(SSH_KEYGEN, ['-q', '-t', 'ed25519', '-N', '', '-C', 'holdfast-test', '-f', path])
}

/** All processes below the listener that are sshd's own; what they run is left alone. */
function sshdChildren(listener: number): number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describeProcess(Number(name)))
  const below = (parent: number): number[] =>
    processes
      .filter((entry) => entry.parent === parent)
      .flatMap((entry) => [...(entry.name.startsWith('sshd') ? [entry.pid] : []), ...below(entry.pid)])
  return below(listener)
}

function describeProcess(pid: number): { pid: number; parent: number; name: string }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return [{ pid, parent: Number(stat.slice(end + 2).split(' ')[1]), name: stat.slice(stat.indexOf('(') + 1, end) }]
  } catch {
    return []
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** A port that nobody listens on at present. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
