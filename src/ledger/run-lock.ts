/**
 * @file Keeps two processes from writing one run. The lock is a file that names its process; a lock whose process is gone (SIGKILL) is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'
import { errorCodeOf, fileWriteFailure } from '../base/file-errors.ts'
import { RunLockedError } from './errors.ts'

const holderSchema = z.object({ pid: z.int(), host: z.string(), startedAt: z.string().nullable() })

type Holder = z.infer<typeof holderSchema>

/** A lock that is held. */
export interface RunLock {
  /** Gives the lock back; a second call does nothing. */
  release(): void
}

/**
 * Takes the lock at `path`.
 * @throws RunLockedError when a living process holds it, or a process of another machine whose life cannot be seen from here
 */
export function lockRun(path: string): RunLock {
  const own: Holder = { pid: process.pid, host: hostname(), startedAt: processStart(process.pid) }
  const text = JSON.stringify(own)
  for (let attempt = 0; attempt < 5; attempt++) {
    if (tryCreate(path, text)) return { release: () => releaseOwn(path, text) }
    removeStale(path)
  }
  throw new RunLockedError({ lockFile: path, holder: 'processes that keep taking the lock' })
}

/** Creates the lock with its content in one step: a hard link either exists whole or not at all. */
function tryCreate(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, text)
    linkSync(temporary, path)
    return true
  } catch (cause) {
    if (errorCodeOf(cause) === 'EEXIST') return false
    throw fileWriteFailure(path, cause)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function removeStale(path: string): void {
  const text = readText(path)
  if (text === null) return
  const holder = parseHolder(text)
  if (holder !== null && isAlive(holder))
    throw new RunLockedError({ lockFile: path, holder: `process ${holder.pid} on ${JSON.stringify(holder.host)}` })
  setAside(path, text)
}

/**
 * Takes away the lock that was seen to say `text`. Another process may have taken over since it was read: then it is its lock that was moved, and it
 * goes back.
 */
export function setAside(path: string, text: string): void {
  const aside = `${path}.stale-${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return
    throw error
  }
  if (readText(aside) !== text) tryRestore(aside, path)
  rmSync(aside, { force: true })
}

function tryRestore(aside: string, path: string): void {
  try {
    linkSync(aside, path)
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error
  }
}

function isAlive({ pid, host, startedAt }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    return errorCodeOf(error) === 'EPERM'
  }
  // The same number may since have been given to another process.
  return startedAt === null || processStart(pid) === startedAt
}

/** When a process began, in the system's own ticks; null where the system does not tell. */
function processStart(pid: number): string | null {
  const text = readText(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function releaseOwn(path: string, text: string): void {
  if (readText(path) === text) rmSync(path, { force: true })
}
