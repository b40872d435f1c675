/**
 * @file Starts OpenSSH's `ssh`. The master connects with the user's own configuration; every other client talks only to the master's control socket and can
 * never connect by itself, so that user configuration (forwards, remote commands) takes effect once.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { errorCodeOf } from '../../base/file-errors.ts'
import { SshMissingError } from '../errors.ts'
import type { SshTarget } from './target.ts'

/** A running ssh client. */
export type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>

/** How the master connects. `sshOptions` are given to ssh before our own time limits, after what must not change. */
export interface MasterSettings {
  readonly target: SshTarget
  readonly sshOptions: readonly string[]
  readonly connectTimeoutSeconds: number
}

/** The host name that clients of a control socket give: it is never looked up. */
const NO_HOST = 'holdfast-control'

/** Arguments of the connection that all others share. Host key checking stays as the user has it; nothing is ever asked. */
export function masterArguments(settings: MasterSettings, socket: string, command: string): string[] {
  const fixed = [
    'BatchMode=yes',
    'ControlPersist=no',
    'ClearAllForwardings=yes',
    'RemoteCommand=none',
    'PermitLocalCommand=no',
    'LogLevel=INFO',
  ]
  const limits = [`ConnectTimeout=${settings.connectTimeoutSeconds}`, 'ServerAliveInterval=15', 'ServerAliveCountMax=3']
  return ['-T', '-M', '-S', socket, ...options(fixed), ...settings.sshOptions, ...options(limits), ...settings.target.args, command]
}

/** Arguments of a session over the master. */
export function sessionArguments(socket: string, command: string): string[] {
  return ['-T', ...clientOptions(socket), NO_HOST, command]
}

/** Arguments of a request to the master, for example `forward` with `-R …`. */
export function controlArguments(socket: string, request: 'forward' | 'cancel', forward: readonly string[]): string[] {
  return [...clientOptions(socket), '-O', request, ...forward, NO_HOST]
}

function clientOptions(socket: string): string[] {
  return ['-F', 'none', '-S', socket, ...options(['ControlMaster=no', 'BatchMode=yes', 'ProxyCommand=false', 'LogLevel=ERROR'])]
}

function options(values: readonly string[]): string[] {
  return values.flatMap((value) => ['-o', value])
}

/** Starts ssh in a process group of its own: Ctrl+C in our terminal must not cut connections before we have stopped in good order. */
export function spawnSsh(args: readonly string[]): SshProcess {
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  // A client that ended before it read everything is seen by its exit; without listeners these would end our process.
  child.stdin.on('error', () => {})
  child.on('error', () => {})
  return child
}

/** How a client ended. @throws SshMissingError when there was no ssh to start */
export function whenEnded(child: SshProcess, hostName: string): Promise<{ readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      if (errorCodeOf(cause) === 'ENOENT') reject(new SshMissingError({ host: hostName }, { cause }))
      else resolve({ code: null })
    })
    child.once('close', (code) => resolve({ code }))
  })
}

/** Runs a short client to its end and gives what it said. @throws SshMissingError */
export async function runSsh(args: readonly string[], hostName: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnSsh(args)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  child.stdin.end()
  const { code } = await whenEnded(child, hostName)
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}
