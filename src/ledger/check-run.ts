/**
 * @file Checks that a run directory holds what was written there: against the header of a finished run, against `files.jsonl` of an unfinished one. What
 * does not fit is named; a run of a version that kept no counts and hashes cannot be checked, and that is said.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hashJson } from '../base/hash.ts'
import { RunDamagedError } from './errors.ts'
import { readWholeRecord } from './read-records.ts'
import { addedFiles, changedFiles } from './run-files.ts'
import { partDirectory, RUN_FILE, SEALS_FILE, TELEMETRY_FILE } from './run-layout.ts'
import { runHeaderSchema, type RunHeader } from './run-records.ts'
import { readSeals } from './run-seals.ts'
import { telemetryProblem } from './telemetry-log.ts'

/** Whether a run could be checked at all. */
export type RunCheck = 'checked' | 'unchecked'

/** What the header says of itself: of every member but this. */
export function headerDigest({ digest: _, ...members }: RunHeader): string {
  return hashJson(members)
}

/**
 * Refuses a run that is not what was written.
 * @throws RunDamagedError naming every file and what is wrong with it; LedgerCorruptError where a header or note cannot be read
 */
export async function checkRun(directory: string): Promise<RunCheck> {
  const header = readWholeRecord(join(directory, RUN_FILE), runHeaderSchema)
  const problems = header === null ? await sealProblems(directory) : await headerProblems(directory, header)
  if (problems !== null && problems.length > 0) throw new RunDamagedError({ directory, problems })
  return problems === null ? 'unchecked' : 'checked'
}

/** Null where the header holds no notes. */
async function headerProblems(directory: string, header: RunHeader): Promise<readonly string[] | null> {
  // Of a header without notes only the other file can say that it should have some.
  if (header.files === undefined) return existsSync(join(directory, SEALS_FILE)) ? [`${RUN_FILE} lacks its counts and hashes`] : null
  const own = header.digest === headerDigest(header) ? [] : [`${RUN_FILE} has other content than was written`]
  const times = telemetryProblem(join(directory, TELEMETRY_FILE))
  return [
    ...own,
    ...changedFiles(directory, header.files),
    ...addedFiles(directory, header.files),
    ...(times === null ? [] : [`${TELEMETRY_FILE} ${times}`]),
  ]
}

/** Null where nothing was noted. */
async function sealProblems(directory: string): Promise<readonly string[] | null> {
  const seals = await readSeals(directory)
  if (seals === null) return null
  return [...(seals.finished ? [`${RUN_FILE} is missing`] : []), ...changedFiles(directory, seals.notes)]
}

/** Before a run goes on: what was left out so that it is made anew. */
export interface Reopened {
  readonly check: RunCheck
  /** Parts (`rounds/<round>/<arm>`) that were removed whole. */
  readonly removed: readonly string[]
}

/**
 * The same before a run goes on. A part that was removed whole, and everything that its arm trained after it, is made anew; so is a missing header.
 * @throws RunDamagedError, LedgerCorruptError
 */
export async function checkBeforeResume(directory: string): Promise<Reopened> {
  const header = readWholeRecord(join(directory, RUN_FILE), runHeaderSchema)
  if (header !== null) return { check: await checkRun(directory), removed: [] }
  const seals = await readSeals(directory)
  if (seals === null) return { check: 'unchecked', removed: [] }
  const parts = [...new Set(Object.keys(seals.notes).flatMap((path) => partDirectory(path) ?? []))]
  const removed = parts.filter((part) => !existsSync(join(directory, part)))
  const kept = Object.entries(seals.notes).filter(([path]) => !removed.includes(partDirectory(path) ?? ''))
  const later = parts.flatMap((part) => {
    const before = removed.find((gone) => armOf(gone) === armOf(part) && gone < part)
    return removed.includes(part) || before === undefined ? [] : [`${part} was trained after ${before}, which is missing`]
  })
  const problems = [...later, ...changedFiles(directory, Object.fromEntries(kept))]
  if (problems.length > 0) throw new RunDamagedError({ directory, problems })
  return { check: 'checked', removed }
}

function armOf(part: string): string {
  return part.slice(part.lastIndexOf('/') + 1)
}
