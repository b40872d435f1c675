/**
 * @file What tests tell reporters: plain data in `task.meta.holdfast`, checked again where it is read, because it crosses between processes.
 */
import { z } from 'zod'

const figure = z.number().nullable()
const interval = z.tuple([figure, figure])

/** A case in a report, with what the model gave. */
export const reportedCaseSchema = z.strictObject({ caseId: z.string(), output: z.string() })

/** An eval that was run as a test. */
export const evalFindingSchema = z.strictObject({
  kind: z.literal('eval'),
  eval: z.string(),
  model: z.string(),
  /** Graded completions and what became of them. */
  cases: z.int(),
  passed: z.int(),
  errors: z.int(),
  passShare: z.number(),
  /** 95 % interval of the pass share. */
  interval,
  minPass: z.number().nullable(),
  meanReward: figure,
  /** Cases that passed when the test last passed and fail now; the first hundred. */
  lost: z.array(reportedCaseSchema),
  lostCount: z.int(),
  /** What makes the figures doubtful, in words. Reports of earlier versions have none. */
  warnings: z.array(z.string()).default([]),
  gradesFile: z.string(),
})

/** A verdict on one eval in one round of one arm. */
export const verdictFindingSchema = z.strictObject({
  kind: z.literal('verdict'),
  suite: z.string(),
  round: z.string(),
  arm: z.string(),
  eval: z.string(),
  verdict: z.enum(['IMPROVED', 'HELD', 'REGRESSED', 'INCONCLUSIVE']),
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
})

/** A run of a suite: made by this test run, or recorded before it. */
export const runFindingSchema = z.strictObject({
  kind: z.literal('run'),
  suite: z.string(),
  run: z.string(),
  directory: z.string(),
  recorded: z.boolean(),
  exitCode: z.int(),
  summary: z.string(),
})

/** What one test found. */
export const findingSchema = z.discriminatedUnion('kind', [evalFindingSchema, verdictFindingSchema, runFindingSchema])

export type EvalFinding = z.infer<typeof evalFindingSchema>
export type VerdictFinding = z.infer<typeof verdictFindingSchema>
export type Finding = z.infer<typeof findingSchema>

declare module 'vitest' {
  interface TaskMeta {
    /** What Holdfast found, for reporters. */
    holdfast?: Finding
  }
}
