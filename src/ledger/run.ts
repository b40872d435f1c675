/**
 * @file A run directory: making one, going on with one, reading one. It knows the files of src/ledger/run-layout.ts and nothing of what they mean.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWholeFile } from '../base/whole-file.ts'
import { checkBeforeResume, headerDigest, type RunCheck } from './check-run.ts'
import { requireDiskSpace } from './disk-space.ts'
import { RunChangedError, RunExistsError, RunNotFoundError } from './errors.ts'
import { decidingPlan, planDifferences } from './plan-differences.ts'
import { readWholeRecord } from './read-records.ts'
import { LOCK_FILE, PLAN_FILE, RUN_FILE, SEALS_FILE, TELEMETRY_FILE } from './run-layout.ts'
import { lockRun } from './run-lock.ts'
import { planSchema, runHeaderSchema } from './run-records.ts'
import type { Plan, RunHeader, Telemetry } from './run-records.ts'
import { noteRun } from './run-files.ts'
import { openSeals, type RunSeals } from './run-seals.ts'
import { openTelemetry } from './telemetry-log.ts'

/** Free space asked for when the caller names none: room for records and small adapters. */
const DEFAULT_NEEDED_BYTES = 50_000_000

/** A run as it lies on disk, for reading. */
export interface RunReader {
  readonly directory: string
  readonly plan: Plan
  /** Null while the run is going on or was interrupted. */
  readonly header: RunHeader | null
}

/** A run that this process may write. */
export interface Run {
  readonly directory: string
  readonly plan: Plan
  /** Whether what an earlier process left could be checked: a version without notes kept no counts and hashes. */
  readonly check: RunCheck
  /** The path of a file of the run, from a name that run-layout.ts gives. */
  path(relative: string): string
  /** Writes a whole-file record as JSON that people can read, and seals it. @throws DiskFullError, FileWriteError */
  writeRecord(relative: string, record: unknown): void
  /** Notes what finished files and folders hold: from now on a change of them is damage. */
  seal(...paths: readonly string[]): void
  /** To be called before sealed files below a path are removed or written anew. */
  forget(path: string): void
  /** Notes times, rates and memory; not part of the claim of equal bytes. */
  noteTelemetry(entry: Telemetry): void
  /** Writes the header, with count and hash of every file: the run is finished. */
  finish(header: RunHeader): void
  /** Gives the lock back. */
  close(): void
}

/**
 * Starts a run in a new directory: checks the space, takes the lock, writes the plan.
 * @throws RunExistsError, RunLockedError, DiskSpaceLowError, DiskFullError, FileWriteError
 */
export async function createRun(directory: string, plan: Plan, options: { readonly neededBytes?: number } = {}): Promise<Run> {
  if (existsSync(join(directory, PLAN_FILE))) throw new RunExistsError({ directory })
  await requireDiskSpace(directory, options.neededBytes ?? DEFAULT_NEEDED_BYTES)
  return openLocked(directory, plan, (seals) => {
    if (existsSync(join(directory, PLAN_FILE))) throw new RunExistsError({ directory })
    writeWholeFile(join(directory, PLAN_FILE), jsonText(plan))
    seals.seal([PLAN_FILE])
    return 'checked'
  })
}

/**
 * Goes on with a run, which must have been planned exactly as now and be what was written.
 * @throws RunNotFoundError, RunChangedError, RunDamagedError, RunLockedError, LedgerCorruptError, DiskSpaceLowError
 */
export async function resumeRun(directory: string, plan: Plan, options: { readonly neededBytes?: number } = {}): Promise<Run> {
  const { plan: recorded } = openRun(directory)
  const differences = planDifferences(decidingPlan(recorded), decidingPlan(plan))
  if (differences.length > 0) throw new RunChangedError({ directory, differences })
  await requireDiskSpace(directory, options.neededBytes ?? DEFAULT_NEEDED_BYTES)
  return openLocked(directory, recorded, async (seals) => {
    const { check, removed } = await checkBeforeResume(directory)
    for (const part of removed) seals.forget(part)
    seals.seal([PLAN_FILE])
    if (!existsSync(join(directory, RUN_FILE))) return check
    // The notes of a header hold for a finished run only.
    seals.finish(false)
    rmSync(join(directory, RUN_FILE))
    return check
  })
}

/**
 * Reads plan and header of a run.
 * @throws RunNotFoundError, LedgerCorruptError
 */
export function openRun(directory: string): RunReader {
  const plan = readWholeRecord(join(directory, PLAN_FILE), planSchema)
  if (plan === null) throw new RunNotFoundError({ directory })
  return { directory, plan, header: readWholeRecord(join(directory, RUN_FILE), runHeaderSchema) }
}

async function openLocked(directory: string, plan: Plan, begin: (seals: RunSeals) => RunCheck | Promise<RunCheck>): Promise<Run> {
  const lock = lockRun(join(directory, LOCK_FILE))
  const open: { close(): void }[] = []
  try {
    const seals = await openSeals(directory)
    open.push(seals)
    const check = await begin(seals)
    const telemetry = await openTelemetry(join(directory, TELEMETRY_FILE))
    open.push(telemetry)
    const path = (relative: string): string => join(directory, relative)
    const writeRecord = (relative: string, record: unknown): void => {
      writeWholeFile(path(relative), jsonText(record))
      seals.seal([relative])
    }
    return {
      directory,
      plan,
      check,
      path,
      writeRecord,
      seal: (...paths) => seals.seal(paths),
      forget: (path) => seals.forget(path),
      noteTelemetry: (entry) => telemetry.note(entry),
      finish: (header) => {
        telemetry.end()
        seals.finish(true)
        const noted = { ...header, files: noteRun(directory, [PLAN_FILE, SEALS_FILE]) }
        writeWholeFile(path(RUN_FILE), jsonText({ ...noted, digest: headerDigest(noted) }))
      },
      close: () => {
        for (const one of open.splice(0)) one.close()
        lock.release()
      },
    }
  } catch (error) {
    for (const one of open.splice(0)) one.close()
    lock.release()
    throw error
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
