/**
 * @file The failures of a run directory: damaged files, a run that is in use, finished or not the one it was, too little space.
 */
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { PLAN_FILE } from './run-layout.ts'

/** A line of a run's records that is not what Holdfast wrote there. */
export class LedgerCorruptError extends defineError(
  'LEDGER_CORRUPT',
  ({ path, line, problem }: { path: string; line: number | null; problem: string }) => ({
    summary: `A record of the run is damaged: ${problem}`,
    where: line === null ? displayPath(path) : `${displayPath(path)}:${line}`,
    fix: 'restore it from a copy, or make it anew: of an evaluation delete this file, of an unfinished run its whole folder rounds/<round>/<arm>, and go on with --resume',
  }),
) {}

/** A run whose files are not what was written: nothing that it says can be relied on. */
export class RunDamagedError extends defineError(
  'RUN_DAMAGED',
  ({ directory, problems }: { directory: string; problems: readonly string[] }) => {
    const shown = problems.slice(0, 8).join('; ')
    const more = problems.length > 8 ? `; and ${problems.length - 8} more` : ''
    return {
      summary: `The run is not what was written: ${shown}${more}`,
      where: displayPath(directory),
      fix: 'restore these files from a copy; of an unfinished run, a folder rounds/<round>/<arm> that is removed whole is made anew by --resume; else start a new run',
    }
  },
) {}

/** A directory that holds no run. */
export class RunNotFoundError extends defineError('RUN_NOT_FOUND', ({ directory }: { directory: string }) => ({
  summary: `There is no run in this directory: it has no ${PLAN_FILE}`,
  where: displayPath(directory),
  fix: 'give the directory of a run, for example reports/<run>',
})) {}

/** A directory that already holds a run. */
export class RunExistsError extends defineError('RUN_EXISTS', ({ directory }: { directory: string }) => ({
  summary: 'This directory already holds a run',
  where: displayPath(directory),
  fix: 'go on with it by --resume, or choose another directory',
})) {}

/** A run that another process is writing. */
export class RunLockedError extends defineError('RUN_LOCKED', ({ lockFile, holder }: { lockFile: string; holder: string }) => ({
  summary: `The run is being written by ${holder}`,
  where: displayPath(lockFile),
  fix: 'wait for that process or stop it; if it is certainly gone, delete this file',
})) {}

/** A run that was planned differently: resuming would mix two experiments. */
export class RunChangedError extends defineError(
  'RUN_CHANGED',
  ({ directory, differences }: { directory: string; differences: readonly string[] }) => {
    const shown = differences.slice(0, 8).join('; ')
    const more = differences.length > 8 ? `; and ${differences.length - 8} more` : ''
    return {
      summary: `The run was planned differently: ${shown}${more}`,
      where: displayPath(directory),
      fix: 'undo the change, or start a new run without --resume',
    }
  },
) {}

/** Recorded grades that were given under other conditions than the ones asked for now. */
export class GradesChangedError extends defineError(
  'GRADES_CHANGED',
  ({ path, line, difference }: { path: string; line: number; difference: string }) => ({
    summary: `Recorded grades do not belong to what is being graded now: ${difference}`,
    where: `${displayPath(path)}:${line}`,
    fix: 'start a new run without --resume; if only a prompt function differs from call to call, make it give the same messages each time',
  }),
) {}

/** Too little free space to begin. */
export class DiskSpaceLowError extends defineError(
  'DISK_SPACE_LOW',
  ({ directory, freeBytes, neededBytes }: { directory: string; freeBytes: number; neededBytes: number }) => ({
    summary: `The run needs about ${megabytes(neededBytes)} of free space, the disk has ${megabytes(freeBytes)}`,
    where: displayPath(directory),
    fix: 'free some space, or put the run on another disk',
  }),
) {}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000).toLocaleString('en-US')} MB`
}
