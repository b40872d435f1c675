/**
 * @file verdict.json as the report reads it: the gate's RoundVerdict after a trip through JSON, where a number that does not exist
 * (no pair could be graded) has become null. Members that later versions add are passed over.
 */
import { z } from 'zod'

const figure = z.number().nullable()
const interval = z.tuple([figure, figure])

const comparisonSchema = z.object({
  baseline: z.enum(['parent', 'anchor', 'base', 'best']),
  method: z.string(),
  n: z.int(),
  clusters: z.int().nullable(),
  designEffect: figure,
  errors: z.int(),
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
  flipRate: figure,
  pLoss: figure,
  pLossHolm: figure,
  pGain: figure,
  pNonInferior: figure,
})

export const relativeMarginSchema = z.strictObject({ declared: z.number(), share: z.number(), anchorScore: z.number() })

const evalVerdictSchema = z.object({
  name: z.string(),
  role: z.enum(['target', 'old', 'future', 'none']),
  blocking: z.boolean(),
  /** Runs of before 2026-11-29 do not have it: what did not block was not asked for HELD either. */
  mustHold: z.boolean().optional(),
  advisoryReason: z.string().optional(),
  verdict: z.enum(['IMPROVED', 'HELD', 'REGRESSED', 'INCONCLUSIVE']),
  reason: z.string(),
  margin: z.number(),
  relativeMargin: relativeMarginSchema.optional(),
  minEffect: z.number(),
  n: z.int(),
  errors: z.int(),
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
  flags: z.record(z.string(), z.boolean()),
  neededN: figure,
  /** Missing in runs of before 2026-11-29. */
  lostCases: z.array(z.string()).optional(),
  baselines: z.array(comparisonSchema),
})

/** One kind of difference between two foreign models on one eval, with the first few cases that show it. */
export const modelDifferenceSchema = z.object({ evalName: z.string(), hash: z.string(), pairs: z.int(), caseIds: z.array(z.string()) })

export const recordedVerdictSchema = z.object({
  round: z.string(),
  arm: z.string(),
  verdict: z.enum(['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE']),
  reasons: z.array(z.string()),
  evals: z.array(evalVerdictSchema),
  policy: z.record(z.string(), z.unknown()),
  alphaRegressed: z.number(),
  familySize: z.int(),
  /** Mode `gate`: how two foreign models were asked differently. */
  differences: z.array(modelDifferenceSchema).optional(),
})

export type RecordedVerdict = z.infer<typeof recordedVerdictSchema>
export type RecordedEvalVerdict = z.infer<typeof evalVerdictSchema>
