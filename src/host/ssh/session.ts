/**
 * @file Runs one POSIX shell script on the host over the master connection. The script travels through stdin: it depends on no login shell, has no length
 * limit, and secrets in it are not seen in the host's process list. It runs whole or, when the connection is lost on the way, not at all.
 */
import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { FramedOutput, type Frame } from '../framed-output.ts'
import { sessionArguments, spawnSsh, whenEnded } from './client.ts'

/** Where a session goes. */
export interface SessionAddress {
  readonly socket: string
  readonly hostName: string
}

/** A script that runs. What is written to `stdin` is read by the script's own commands; both outputs must be read. */
export interface SshSession {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Fulfilled when the connection's client has ended. */
  readonly ended: Promise<SessionEnd>
  /** Ends the client; commands on the host see the end of their stdin. */
  cut(): void
}

/** How a script ended; `code` is null when its end was not seen because the connection was lost. */
export interface SessionEnd {
  readonly code: number | null
  readonly hasBegun: boolean
  /** What ssh said in the second case. */
  readonly problem: string
}

/**
 * Starts `script`. With `life: 'body'` its exit code is reported; `'exec'` is for scripts that end in `exec`: their end is that of the client.
 * @throws SshMissingError through `ended`
 */
export function openSession(address: SessionAddress, script: string, life: 'body' | 'exec' = 'body'): SshSession {
  const mark = `holdfast-${randomBytes(12).toString('hex')}`
  const frame: Frame = { begin: `${mark}-begin\n`, end: `${mark}-end ` }
  const text = Buffer.from(framedScript(mark, script, life))
  const child = spawnSsh(sessionArguments(address.socket, `exec sh -c 'eval "$(dd bs=1 count=${text.length} 2>/dev/null)"'`))
  const [stdout, stderr] = [new FramedOutput(frame), new FramedOutput(frame)]
  child.stdout.pipe(stdout)
  child.stderr.pipe(stderr)
  child.stdin.write(text)
  const ended = whenEnded(child, address.hostName).then(async () => {
    await finished(stderr)
    return endOf(stderr)
  })
  return { stdin: child.stdin, stdout, stderr, ended, cut: () => child.kill('SIGTERM') }
}

/** The braces make the shell read everything before it runs anything: a script that arrived in part is a syntax error. */
function framedScript(mark: string, script: string, life: 'body' | 'exec'): string {
  const [open, close] = life === 'body' ? ['(', ')'] : ['', '']
  return `{\nprintf '%s\\n' ${mark}-begin\nprintf '%s\\n' ${mark}-begin >&2\n${open}\n${script}\n${close}\nprintf '%s\\n' "${mark}-end $?" >&2\n}\n`
}

function endOf(stderr: FramedOutput): SessionEnd {
  const outside = stderr.outside
  const code = stderr.hasBegun ? /^(\d+)\n/.exec(outside ?? '')?.[1] : undefined
  if (code !== undefined) return { code: Number(code), hasBegun: true, problem: '' }
  return { code: null, hasBegun: stderr.hasBegun, problem: stderr.hasBegun ? 'the connection was lost' : (outside ?? '').trim() }
}

/** A script's whole output. */
export interface ScriptResult {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Reads a stream until it closes, also when that is early. */
export function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    stream.on('data', (bytes: Buffer) => chunks.push(bytes))
    stream.once('close', () => resolve(Buffer.concat(chunks)))
  })
}
