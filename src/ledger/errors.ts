/**
 * @file The failures of a run directory: damaged files, a run that is in use, finished or not the one it was, too little space.
 */
import { displayPath } from '../base/display-path.ts'
import { HoldfastError } from '../base/errors.ts'
import { PLAN_FILE } from './run-layout.ts'

/** A line of a run's records that is not what Holdfast wrote there. */
export class LedgerCorruptError extends HoldfastError {
  constructor(path: string, line: number | null, problem: string) {
    super({
      code: 'LEDGER_CORRUPT',
      summary: `A record of the run is damaged: ${problem}`,
      where: line === null ? displayPath(path) : `${displayPath(path)}:${line}`,
      fix: 'restore it from a copy, or make it anew: of an evaluation delete this file, of an unfinished run its whole folder rounds/<round>/<arm>, and go on with --resume',
    })
  }
}

/** A run whose files are not what was written: nothing that it says can be relied on. */
export class RunDamagedError extends HoldfastError {
  readonly problems: readonly string[]

  constructor(directory: string, problems: readonly string[]) {
    const shown = problems.slice(0, 8).join('; ')
    const more = problems.length > 8 ? `; and ${problems.length - 8} more` : ''
    super({
      code: 'RUN_DAMAGED',
      summary: `The run is not what was written: ${shown}${more}`,
      where: displayPath(directory),
      fix: 'restore these files from a copy; of an unfinished run, a folder rounds/<round>/<arm> that is removed whole is made anew by --resume; else start a new run',
    })
    this.problems = problems
  }
}

/** A directory that holds no run. */
export class RunNotFoundError extends HoldfastError {
  constructor(directory: string) {
    super({
      code: 'RUN_NOT_FOUND',
      summary: `There is no run in this directory: it has no ${PLAN_FILE}`,
      where: displayPath(directory),
      fix: 'give the directory of a run, for example reports/<run>',
    })
  }
}

/** A directory that already holds a run. */
export class RunExistsError extends HoldfastError {
  constructor(directory: string) {
    super({
      code: 'RUN_EXISTS',
      summary: 'This directory already holds a run',
      where: displayPath(directory),
      fix: 'go on with it by --resume, or choose another directory',
    })
  }
}

/** A run that another process is writing. */
export class RunLockedError extends HoldfastError {
  constructor(lockFile: string, holder: string) {
    super({
      code: 'RUN_LOCKED',
      summary: `The run is being written by ${holder}`,
      where: displayPath(lockFile),
      fix: 'wait for that process or stop it; if it is certainly gone, delete this file',
    })
  }
}

/** A run that was planned differently: resuming would mix two experiments. */
export class RunChangedError extends HoldfastError {
  readonly differences: readonly string[]

  constructor(directory: string, differences: readonly string[]) {
    const shown = differences.slice(0, 8).join('; ')
    const more = differences.length > 8 ? `; and ${differences.length - 8} more` : ''
    super({
      code: 'RUN_CHANGED',
      summary: `The run was planned differently: ${shown}${more}`,
      where: displayPath(directory),
      fix: 'undo the change, or start a new run without --resume',
    })
    this.differences = differences
  }
}

/** Recorded grades that were given under other conditions than the ones asked for now. */
export class GradesChangedError extends HoldfastError {
  constructor(path: string, line: number, difference: string) {
    super({
      code: 'GRADES_CHANGED',
      summary: `Recorded grades do not belong to what is being graded now: ${difference}`,
      where: `${displayPath(path)}:${line}`,
      fix: 'start a new run without --resume; if only a prompt function differs from call to call, make it give the same messages each time',
    })
  }
}

/** Too little free space to begin. */
export class DiskSpaceLowError extends HoldfastError {
  constructor(directory: string, freeBytes: number, neededBytes: number) {
    super({
      code: 'DISK_SPACE_LOW',
      summary: `The run needs about ${megabytes(neededBytes)} of free space, the disk has ${megabytes(freeBytes)}`,
      where: displayPath(directory),
      fix: 'free some space, or put the run on another disk',
    })
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000).toLocaleString('en-US')} MB`
}
