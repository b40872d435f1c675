/**
 * @file A run directory: making one, going on with one, reading one. It knows the files of src/ledger/run-layout.ts and nothing of what they mean.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hashJson } from '../base/hash.ts'
import { writeWholeFile } from '../base/whole-file.ts'
import { requireDiskSpace } from './disk-space.ts'
import { RunChangedError, RunExistsError, RunNotFoundError } from './errors.ts'
import { planDifferences } from './plan-differences.ts'
import { readWholeRecord } from './read-records.ts'
import { LOCK_FILE, PLAN_FILE, RUN_FILE, TELEMETRY_FILE } from './run-layout.ts'
import { lockRun } from './run-lock.ts'
import { planSchema, runHeaderSchema } from './run-records.ts'
import type { Plan, RunHeader, Telemetry } from './run-records.ts'
import { openRecordLog } from './record-log.ts'

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
  /** The path of a file of the run, from a name that run-layout.ts gives. */
  path(relative: string): string
  /** Writes a whole-file record as JSON that people can read. @throws DiskFullError, FileWriteError */
  writeRecord(relative: string, record: unknown): void
  /** Notes times, rates and memory; not part of the claim of equal bytes. */
  noteTelemetry(entry: Telemetry): void
  /** Writes the header: the run is finished. */
  finish(header: RunHeader): void
  /** Gives the lock back. */
  close(): void
}

/** What identifies what a run will do. */
export function planHash(plan: Plan): string {
  return hashJson(plan)
}

/**
 * Starts a run in a new directory: checks the space, takes the lock, writes the plan.
 * @throws RunExistsError, RunLockedError, DiskSpaceLowError, DiskFullError, FileWriteError
 */
export async function createRun(directory: string, plan: Plan, options: { readonly neededBytes?: number } = {}): Promise<Run> {
  if (existsSync(join(directory, PLAN_FILE))) throw new RunExistsError(directory)
  await requireDiskSpace(directory, options.neededBytes ?? DEFAULT_NEEDED_BYTES)
  return openLocked(directory, plan, () => {
    if (existsSync(join(directory, PLAN_FILE))) throw new RunExistsError(directory)
    writeWholeFile(join(directory, PLAN_FILE), jsonText(plan))
  })
}

/**
 * Goes on with a run, which must have been planned exactly as now.
 * @throws RunNotFoundError, RunChangedError, RunLockedError, LedgerCorruptError, DiskSpaceLowError
 */
export async function resumeRun(directory: string, plan: Plan, options: { readonly neededBytes?: number } = {}): Promise<Run> {
  const { plan: recorded } = openRun(directory)
  const differences = planDifferences(recorded, plan)
  if (differences.length > 0) throw new RunChangedError(directory, differences)
  await requireDiskSpace(directory, options.neededBytes ?? DEFAULT_NEEDED_BYTES)
  return openLocked(directory, recorded, () => undefined)
}

/**
 * Reads plan and header of a run.
 * @throws RunNotFoundError, LedgerCorruptError
 */
export function openRun(directory: string): RunReader {
  const plan = readWholeRecord(join(directory, PLAN_FILE), planSchema)
  if (plan === null) throw new RunNotFoundError(directory)
  return { directory, plan, header: readWholeRecord(join(directory, RUN_FILE), runHeaderSchema) }
}

async function openLocked(directory: string, plan: Plan, begin: () => void): Promise<Run> {
  const lock = lockRun(join(directory, LOCK_FILE))
  try {
    begin()
    const telemetry = await openRecordLog(join(directory, TELEMETRY_FILE))
    const path = (relative: string): string => join(directory, relative)
    const writeRecord = (relative: string, record: unknown): void => writeWholeFile(path(relative), jsonText(record))
    let isOpen = true
    return {
      directory,
      plan,
      path,
      writeRecord,
      noteTelemetry: (entry) => telemetry.append([entry]),
      finish: (header) => writeRecord(RUN_FILE, header),
      close: () => {
        if (isOpen) telemetry.close()
        isOpen = false
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
