/**
 * @file Where an evaluation writes while it is under way, and how a later one goes on with it. What is whole moves beside the others; what
 * was interrupted stays in a folder of its own until it is gone on with, or until the same is evaluated again to its end.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isHoldfastError } from '../../base/errors.ts'
import { fileWriteFailure } from '../../base/file-errors.ts'
import { EVALUATIONS_FOLDER, UNFINISHED_FOLDER, UNFINISHED_GRADES_FILE, UNFINISHED_LOCK_FILE } from '../../ledger/run-layout.ts'
import { lockRun } from '../../ledger/run-lock.ts'
import type { RunLock } from '../../ledger/run-lock.ts'
import { NoEvaluationToResumeError } from '../errors.ts'

/** `if-any`: goes on where there is something to go on with, and begins anew where there is not. */
export type ResumeEvaluation = boolean | 'if-any'

export interface EvaluationToOpen {
  /** Folder of reports. */
  readonly reports: string
  readonly evalName: string
  /** The same for all evaluations that could go on with each other. */
  readonly name: string
  readonly resume: ResumeEvaluation
}

/** An evaluation that this process writes. */
export interface OpenEvaluation {
  readonly directory: string
  /** Where its grades are written. */
  readonly ledgerFile: string
  /** An interrupted evaluation of the same name that this one does not go on with; null where there is none. */
  readonly earlier: string | null
  /** Moves the grades beside those of other evaluations and forgets interrupted evaluations of the same name. Answers with the path. */
  finish(): string
  /** Ends it early: the folder stays for the next time where there is something to go on with. */
  stop(isWorthKeeping: boolean): void
}

/** @throws NoEvaluationToResumeError, FileWriteError, DiskFullError */
export function openEvaluation({ reports, evalName, name, resume }: EvaluationToOpen): OpenEvaluation {
  const evals = join(reports, EVALUATIONS_FOLDER)
  const root = join(evals, UNFINISHED_FOLDER)
  const interrupted = interruptedOf(root, name)
  const resumed = resume === false ? null : firstFree(interrupted)
  if (resumed === null && resume === true)
    throw new NoEvaluationToResumeError({ directory: root, evalName, isRunning: interrupted.length > 0 })
  const { directory, lock } = resumed ?? newFolder(root, name)
  const ledgerFile = join(directory, UNFINISHED_GRADES_FILE)
  return {
    directory,
    ledgerFile,
    earlier: interrupted.find((folder) => resumed === null && isFree(folder)) ?? null,
    finish: () => {
      const file = join(evals, `${name}-${Date.now().toString(36)}.jsonl`)
      renameSync(ledgerFile, file)
      lock.release()
      for (const folder of [directory, ...interrupted]) if (isFree(folder)) rmSync(folder, { recursive: true, force: true })
      return file
    },
    stop: (isWorthKeeping) => {
      lock.release()
      if (!isWorthKeeping && resumed === null) rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Folders of evaluations of this name, the newest first: their names hold the time in digits of equal number. */
function interruptedOf(root: string, name: string): readonly string[] {
  if (!existsSync(root)) return []
  const names = readdirSync(root).filter((folder) => folder.startsWith(`${name}-`))
  return names
    .toSorted()
    .toReversed()
    .map((folder) => join(root, folder))
}

interface Held {
  readonly directory: string
  readonly lock: RunLock
}

function firstFree(folders: readonly string[]): Held | null {
  for (const directory of folders) {
    const lock = tryLock(directory)
    if (lock !== null) return { directory, lock }
  }
  return null
}

function newFolder(root: string, name: string): Held {
  try {
    mkdirSync(root, { recursive: true })
    const directory = mkdtempSync(join(root, `${name}-${Date.now().toString(36)}-`))
    return { directory, lock: lockRun(join(directory, UNFINISHED_LOCK_FILE)) }
  } catch (cause) {
    throw isHoldfastError(cause) ? cause : fileWriteFailure(root, cause)
  }
}

/** Null where a living process writes there. */
function tryLock(directory: string): RunLock | null {
  try {
    return lockRun(join(directory, UNFINISHED_LOCK_FILE))
  } catch (error) {
    if (isHoldfastError(error) && error.code === 'RUN_LOCKED') return null
    throw error
  }
}

function isFree(directory: string): boolean {
  if (!existsSync(directory)) return false
  const lock = tryLock(directory)
  lock?.release()
  return lock !== null
}
