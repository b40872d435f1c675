/**
 * @file One eval in one arm's round, as report.json has it: its verdict, its numbers against the parent, and against each baseline.
 */
import { z } from 'zod'
import { figure, interval } from '../../number-schema.ts'
import { relativeMarginSchema } from '../../recorded-verdict.ts'

const reportedBaselineSchema = z.strictObject({
  baseline: z.enum(['parent', 'anchor', 'base', 'best']),
  method: z.string(),
  n: z.int(),
  clusters: z.int().nullable(),
  designEffect: figure,
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
  errors: z.int(),
  flipRate: figure,
  pLoss: figure,
  pLossHolm: figure,
  pGain: figure,
  pNonInferior: figure,
})

/** Numbers at the top are against the parent; differences are after minus before, as shares. */
export const reportedEvalSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['target', 'old', 'future', 'none']),
  /** Whether a proven loss of it, or as a target its miss, could block the round. */
  blocking: z.boolean(),
  /** Whether ACCEPTED needs it HELD. */
  mustHold: z.boolean(),
  advisoryReason: z.string().nullable(),
  verdict: z.enum(['IMPROVED', 'HELD', 'REGRESSED', 'INCONCLUSIVE']),
  reason: z.string(),
  margin: z.number(),
  /** Where the margin was cut to a share of what the anchor scored on dev cases; absent where it is the declared one. */
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
  flags: z.array(z.string()),
  neededN: figure,
  baselines: z.array(reportedBaselineSchema),
  /** Ids of the `lost` cases: they passed with the parent and fail now, a repeated case by at least half of its graded repeats. */
  lostCases: z.array(z.string()),
  /** Cases that have twins against their twins, on the candidate; absent where no pair was graded. */
  twins: z.strictObject({ pairs: z.int(), caseShare: z.number(), twinShare: z.number(), gap: z.number(), interval }).optional(),
})

export type ReportedEval = z.infer<typeof reportedEvalSchema>
export type ReportedBaseline = z.infer<typeof reportedBaselineSchema>
