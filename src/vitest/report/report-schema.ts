/**
 * @file report.json: what evals and suites found in one vitest run, or in one shard of it.
 */
import { z } from 'zod'
import { evalFindingSchema, runFindingSchema, verdictFindingSchema } from '../task-meta.ts'

export const EVAL_REPORT_VERSION = 1

const outcome = {
  project: z.string(),
  /** Path of the test file from vitest's root. */
  file: z.string(),
  /** Full name of the test. */
  test: z.string(),
  state: z.enum(['passed', 'failed', 'skipped']),
  /** The first line of the first error; null where there is none. */
  problem: z.string().nullable(),
  /** What kind of failure it is and what it is about, where that is known: `HoldfastFailure` tells them apart. */
  failure: z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) }).optional(),
}

/** A failure as vitest passes it on. */
export const passedFailureSchema = z.object({ code: z.string(), fix: z.string(), data: z.record(z.string(), z.unknown()) })

/** The whole file. Members are only ever added. */
export const evalReportSchema = z.object({
  schemaVersion: z.literal(EVAL_REPORT_VERSION),
  /** Which part of the tests this is; null for all of them. */
  shard: z.object({ index: z.int(), count: z.int() }).nullable(),
  /** Whether no test of an eval or a suite failed. Other tests do not count. */
  passed: z.boolean(),
  evals: z.array(z.object({ ...outcome, ...evalFindingSchema.omit({ kind: true }).shape })),
  suites: z.array(
    z.object({
      ...outcome,
      ...runFindingSchema.omit({ kind: true }).shape,
      verdicts: z.array(z.object({ ...verdictFindingSchema.omit({ kind: true, suite: true }).shape })),
    }),
  ),
  /** Tests of evals and suites that failed without having found anything: a model that could not be opened, a run that no longer fits. */
  failures: z.array(z.object(outcome)),
})

export type EvalReport = z.infer<typeof evalReportSchema>

/** One report of all shards of a vitest run. `passed` only when all are there and passed. */
export function mergeEvalReports(parts: readonly EvalReport[]): EvalReport {
  const count = Math.max(1, ...parts.map(({ shard }) => shard?.count ?? 1))
  const isWhole = parts.length > 0
  const indexes = new Set(parts.map(({ shard }) => shard?.index ?? 1))
  return {
    schemaVersion: EVAL_REPORT_VERSION,
    shard: null,
    passed: isWhole && indexes.size === count && parts.every(({ passed }) => passed),
    evals: parts.flatMap(({ evals }) => evals),
    suites: parts.flatMap(({ suites }) => suites),
    failures: parts.flatMap(({ failures }) => failures),
  }
}
