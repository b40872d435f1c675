/**
 * @file Runs a command on a host over ssh. The command lives as long as its connection: when that is lost, when the time is over or when this process dies, it
 * and what it started are ended there, and only after a loss is it run again from its beginning.
 */
import type { CommandOptions, CommandResult } from '../host.ts'
import { LineReader } from '../line-reader.ts'
import { quoteCommand, quoteExports, quoteShell } from '../quote-shell.ts'
import type { Attempt, SshConnection } from './connection.ts'
import { openSession, readAll, type SessionAddress, type SshSession } from './session.ts'

/** Runs `command`; a program or directory that is missing gives code 127, as a shell does. A shell cannot tell code 128 + n from signal n: both give null. */
export async function runCommand(
  connection: SshConnection,
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const script = commandScript(command, options)
  const startedAt = Date.now()
  return connection.retry((address) => attemptCommand(address, script, { ...options, ...remainingTime(options, startedAt) }))
}

function remainingTime({ timeoutMs }: CommandOptions, startedAt: number): Pick<CommandOptions, 'timeoutMs'> {
  return timeoutMs === undefined ? {} : { timeoutMs: Math.max(1, timeoutMs - (Date.now() - startedAt)) }
}

/**
 * Stdin carries the input and is then the life line: at its end the watcher ends the session's process group, which the shell (`$$`) leads. It looks first
 * whether the shell is still there, so that what a finished command left running on purpose goes on.
 */
function commandScript(command: readonly string[], { env, directory, input = '' }: CommandOptions): string {
  const sizeBytes = Buffer.byteLength(input)
  const watcher = `trap '' TERM; cat <&3; kill -0 $$ || exit; kill -s TERM -- -$$; sleep 2; kill -s KILL -- -$$`
  return [
    'exec 3<&0',
    `{ ${sizeBytes === 0 ? '' : `head -c ${sizeBytes} <&3; `}{ ${watcher}; } >/dev/null 2>&1 & } | (`,
    'exec 3<&-',
    directory === undefined ? '' : `cd -- ${quoteShell(directory)} || exit 127`,
    `${quoteExports(env)}exec ${quoteCommand(command)}`,
    ')',
  ].join('\n')
}

async function attemptCommand(address: SessionAddress, script: string, options: CommandOptions): Promise<Attempt<CommandResult>> {
  const session = openSession(address, script)
  session.stdin.write(options.input ?? '')
  const closeLines = onLine(session, options)
  let isTimeOver = false
  const stop = (): void => {
    isTimeOver = true
    session.cut()
  }
  const limit = options.timeoutMs === undefined ? undefined : setTimeout(stop, options.timeoutMs)
  const [stdout, stderr, end] = await Promise.all([readAll(session.stdout), readAll(session.stderr), session.ended])
  clearTimeout(limit)
  if (end.code === null && !isTimeOver) return { isLost: true, reason: end.problem || 'nothing', hasBegun: end.hasBegun }
  closeLines()
  const code = end.code === null || isSignal(end.code) ? null : end.code
  return { isLost: false, value: { code, stdout: stdout.toString(), stderr: stderr.toString() } }
}

function isSignal(code: number): boolean {
  return code > 128 && code <= 128 + 64
}

function onLine(session: SshSession, { onLine }: CommandOptions): () => void {
  if (onLine === undefined) return () => {}
  const readers = [session.stdout, session.stderr].map((stream) => {
    const reader = new LineReader(onLine)
    stream.on('data', (bytes: Buffer) => reader.push(bytes))
    return reader
  })
  return () => readers.forEach((reader) => reader.end())
}
