/**
 * @file Programs that are left running on a host behind ssh.
 */
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path/posix'
import { setTimeout as delay } from 'node:timers/promises'
import { HostStartError } from '../errors.ts'
import type { HostProcess, ProcessOptions } from '../host.ts'
import { checkPid } from '../local-process.ts'
import { quoteCommand, quoteExports, quoteShell } from '../quote-shell.ts'
import { attemptScript, runScript } from '../run-script.ts'
import type { Attempt } from './connection.ts'
import type { RemoteHost } from './files.ts'
import { openSession, readAll, type ScriptResult, type SessionAddress, type SshSession } from './session.ts'

/** A program whose stdin is a session of ours. */
export interface AttachedProgram {
  readonly process: HostProcess
  /** Ends its stdin, waits, then ends it and what it started. */
  end(graceMs: number): Promise<void>
}

/** A program of which nothing but its number is known. */
export function remoteProcess(host: RemoteHost, pid: number): HostProcess {
  checkPid(pid)
  return {
    pid,
    isAlive: async () => (await runScript(host.connection, aliveScript(pid))).code === 0,
    signal: async (name) => {
      await runScript(host.connection, signalScript(pid, name))
    },
  }
}

/** A process that ended but was not collected (state Z) is not alive; hosts without /proc are asked through ps. */
function aliveScript(pid: number): string {
  return [
    `if [ -d /proc/self ]; then state=$(cat /proc/${pid}/stat 2>/dev/null) || exit 1; state=\${state##*) }`,
    `else state=$(ps -o stat= -p ${pid}) || exit 1; fi`,
    'case $state in Z* | X* | "") exit 1;; esac',
  ].join('\n')
}

/** The group first: programs are started as leaders of one. */
function signalScript(pid: number, name: 'TERM' | 'KILL'): string {
  return `kill -s ${name} -- -${pid} 2>/dev/null || kill -s ${name} ${pid} 2>/dev/null || true`
}

function checkScript({ directory, log, command, env }: ProcessOptions): string {
  return [
    `mkdir -p -- ${quoteShell(dirname(log))} && : >>${quoteShell(log)} && cd -- ${quoteShell(directory)} || exit 1`,
    `${quoteExports(env)}command -v -- ${quoteShell(command[0] ?? '')} >/dev/null || { echo 'there is no such program' >&2; exit 1; }`,
  ].join('\n')
}

/**
 * Starts a program that outlives the connection. Its number is kept in a file beside the log until we have it, so that a start whose answer was lost is not
 * made twice.
 */
export async function startDetached(host: RemoteHost, options: ProcessOptions): Promise<HostProcess> {
  const [log, note] = [quoteShell(options.log), quoteShell(`${options.log}.${randomBytes(6).toString('hex')}.pid`)]
  const script = [
    `if [ ! -s ${note} ]; then`,
    checkScript(options),
    `setsid nohup ${quoteCommand(options.command)} </dev/null >>${log} 2>&1 &`,
    `echo $! >${note}`,
    'fi',
    `cat ${note}`,
  ].join('\n')
  const pid = pidOf(host, options, await runScript(host.connection, script))
  await runScript(host.connection, `rm -f -- ${note}`)
  return remoteProcess(host, pid)
}

/** Starts a program inside a session that stays open: it sees the end of its stdin when the connection or this process ends. */
export async function startAttached(host: RemoteHost, options: ProcessOptions): Promise<AttachedProgram> {
  const script = `(\n${checkScript(options)}\n) && cd -- ${quoteShell(options.directory)} && {\n${quoteExports(options.env)}echo $$\nexec ${quoteCommand(options.command)} >>${quoteShell(options.log)} 2>&1\n}`
  const { session, result } = await host.connection.retry((address) => attemptAttached(address, script))
  const process = remoteProcess(host, pidOf(host, options, result))
  return { process, end: (graceMs) => endAttached(host, { session, pid: process.pid }, graceMs) }
}

interface AttachedStart {
  readonly session: SshSession
  readonly result: ScriptResult
}

async function attemptAttached(address: SessionAddress, script: string): Promise<Attempt<AttachedStart>> {
  const session = openSession(address, script, 'exec')
  const stderr = readAll(session.stderr)
  const stdout = await Promise.race([firstLine(session), session.ended.then(() => null)])
  if (stdout !== null) return { isLost: false, value: { session, result: { code: 0, stdout, stderr: '' } } }
  const { code, problem, hasBegun } = await session.ended
  if (code === null) return { isLost: true, reason: problem || 'nothing', hasBegun }
  return { isLost: false, value: { session, result: { code, stdout: Buffer.alloc(0), stderr: (await stderr).toString() } } }
}

function firstLine(session: SshSession): Promise<Buffer> {
  return new Promise((resolve) => {
    let text = Buffer.alloc(0)
    session.stdout.on('data', (bytes: Buffer) => {
      text = Buffer.concat([text, bytes])
      if (text.includes('\n')) resolve(text)
    })
  })
}

function pidOf(host: RemoteHost, { command }: ProcessOptions, { code, stdout, stderr }: ScriptResult): number {
  const pid = Number(stdout.toString().trim())
  if (code === 0 && Number.isSafeInteger(pid) && pid > 1) return pid
  throw new HostStartError({ host: host.name, program: command[0] ?? '', reason: stderr.trim() || 'the host gave no process number' })
}

/** Uses the connection only as it stands: without one the program has seen the end of its stdin already. */
async function endAttached(host: RemoteHost, { session, pid }: { session: SshSession; pid: number }, graceMs: number): Promise<void> {
  const ended = session.ended.then(
    () => true,
    () => true,
  )
  const hasEnded = (): Promise<boolean> => Promise.race([ended, delay(graceMs, false, { ref: false })])
  session.stdin.end()
  for (const name of ['TERM', 'KILL'] as const) {
    if (await hasEnded()) return
    await host.connection.tryNow((address) => attemptScript(address, signalScript(pid, name)))
  }
  if (!(await hasEnded())) session.cut()
}
