/**
 * @file Remembers, for each eval of a project, which cases passed when its test last passed, so that a failing test can say which were lost.
 * One small file beside the grades; it also remembers which grade files of the eval are the newest, and removes older ones.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isHoldfastError } from '../../base/errors.ts'
import { writeWholeFile } from '../../base/whole-file.ts'
import { readWholeRecord } from '../../ledger/read-records.ts'
import type { CaseResult } from './case-results.ts'

const lastPassedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.string(),
  /** The grades of that run. */
  gradesFile: z.string(),
  /** By id of a case that passed: what it asked and wanted, as hashes. */
  passed: z.record(z.string(), z.string()),
  /** Grade files of the eval, oldest first. */
  kept: z.array(z.string()),
})

/** What is remembered of an eval. */
export type LastPassed = z.infer<typeof lastPassedSchema>

/** Gradings of an eval whose records are kept: watch mode makes one at every change. */
const KEPT_GRADINGS = 10

/** Where an eval of a project is remembered. */
export interface EvalMemory {
  readonly directory: string
  readonly project: string
  readonly evalName: string
}

/** What is remembered, null where nothing is or where it cannot be read. */
export function readLastPassed(memory: EvalMemory): LastPassed | null {
  try {
    return readWholeRecord(fileOf(memory), lastPassedSchema)
  } catch (error) {
    if (isHoldfastError(error)) return null
    throw error
  }
}

/** Cases that passed then and fail now, unchanged in what they ask and want. */
export function lostCases(before: LastPassed | null, now: readonly CaseResult[]): readonly CaseResult[] {
  if (before === null) return []
  const passed = new Map(Object.entries(before.passed))
  return now.filter(({ caseId, state, hash }) => state === 'failed' && passed.get(caseId) === hash)
}

/** What a run found, for `remember`. */
export interface Found {
  readonly model: string
  readonly gradesFile: string
  readonly cases: readonly CaseResult[]
  /** Whether the test passed: what a failing test found does not become the standard, unless there is none yet. */
  readonly good: boolean
}

/** Writes down what a run found. */
export function remember(memory: EvalMemory, before: LastPassed | null, found: Found): void {
  const { model, gradesFile, cases } = found
  const standard =
    before !== null && !found.good
      ? before
      : { model, gradesFile, passed: Object.fromEntries(cases.flatMap((one) => (one.state === 'passed' ? [[one.caseId, one.hash]] : []))) }
  const files = [...(before?.kept ?? []).filter((file) => file !== gradesFile), gradesFile]
  const kept = files.slice(-KEPT_GRADINGS)
  for (const file of files.slice(0, -KEPT_GRADINGS)) if (file !== standard.gradesFile) rmSync(file, { force: true })
  writeWholeFile(fileOf(memory), JSON.stringify({ schemaVersion: 1, ...pick(standard), kept } satisfies LastPassed))
}

function pick({
  model,
  gradesFile,
  passed,
}: Pick<LastPassed, 'model' | 'gradesFile' | 'passed'>): Pick<LastPassed, 'model' | 'gradesFile' | 'passed'> {
  return { model, gradesFile, passed }
}

function fileOf({ directory, project, evalName }: EvalMemory): string {
  // A project's name may hold what a path must not.
  return join(directory, 'last-passed', encodeURIComponent(project), `${evalName}.json`)
}
