/**
 * @file Programs that are left running on this machine.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { InternalError } from '../base/errors.ts'
import { errorCodeOf } from '../base/file-errors.ts'
import { HostStartError } from './errors.ts'
import type { HostProcess, ProcessOptions } from './host.ts'

/** A program whose stdin this process holds open. */
export interface LocalAttached {
  readonly process: HostProcess
  /** Ends its stdin, waits, then ends it and what it started. */
  end(graceMs: number): Promise<void>
}

/** Starts a program as leader of a process group of its own. @throws HostStartError */
export async function startLocal(options: ProcessOptions, hostName: string): Promise<LocalAttached> {
  const child = await spawnLogged(options).catch((cause: unknown) => {
    throw new HostStartError({ host: hostName, program: options.command[0] ?? '', reason: reasonOf(options, cause) })
  })
  // Neither the program nor our end of its stdin keeps this process from ending; with it the pipe closes.
  child.unref()
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  child.stdin?.on('error', () => {})
  const isEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const known = localProcess(child.pid ?? 0)
  const process: HostProcess = { ...known, isAlive: () => (isEnded() ? Promise.resolve(false) : known.isAlive()) }
  return { process, end: (graceMs) => endAttached(child, graceMs) }
}

async function spawnLogged({ command, env, directory, log, life }: ProcessOptions): Promise<ChildProcess> {
  const [program = '', ...args] = command
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'a')
  try {
    const stdin = life === 'attached' ? 'pipe' : 'ignore'
    const child = spawn(program, args, { cwd: directory, env: { ...process.env, ...env }, stdio: [stdin, output, output], detached: true })
    await once(child, 'spawn')
    return child
  } finally {
    closeSync(output)
  }
}

/** The system says ENOENT for a missing directory too, but names the program. */
function reasonOf({ directory }: ProcessOptions, cause: unknown): string {
  if (!existsSync(directory)) return `there is no directory ${directory}`
  return errorCodeOf(cause) === 'ENOENT' ? 'there is no such program' : String(cause)
}

/** A program of which nothing but its number is known. */
export function localProcess(pid: number): HostProcess {
  checkPid(pid)
  return {
    pid,
    isAlive: () => Promise.resolve(isRunning(pid)),
    signal: (name) => Promise.resolve(signalGroup(pid, name)),
  }
}

/** Refuses numbers that stand for more than one process: signals to 0, 1 and below would reach ourselves or everything. */
export function checkPid(pid: number): void {
  if (!Number.isSafeInteger(pid) || pid <= 1) throw new InternalError(`${pid} is no number of a process`, 'checkPid()')
}

/** Sends a signal to the group that `pid` leads, or to `pid` alone when it leads none; nothing happens when it is gone. */
export function signalGroup(pid: number, name: 'TERM' | 'KILL'): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, `SIG${name}`)
      return
    } catch (error) {
      // EPERM: what is left of a group on macOS, or a number that now belongs to another user.
      if (!['ESRCH', 'EPERM'].includes(errorCodeOf(error) ?? '')) throw error
    }
  }
}

/** A process that ended but was not collected by its parent (state Z) does not run. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return errorCodeOf(error) === 'EPERM'
  }
  if (!existsSync('/proc/self/stat')) return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

async function endAttached(child: ChildProcess, graceMs: number): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null
  const ended = isGone() ? Promise.resolve() : once(child, 'exit')
  child.ref()
  child.stdin?.end()
  for (const name of ['TERM', 'KILL'] as const) {
    await Promise.race([ended, delay(graceMs, undefined, { ref: false })])
    if (isGone()) return
    signalGroup(pid, name)
  }
  await ended
}
