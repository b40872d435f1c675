/**
 * @file One eval in one arm's round, as report.json has it: its verdict, its numbers against the parent, and against each baseline.
 */
import { z } from 'zod'
import { comparisonRecordSchema, evalVerdictRecordSchema } from '../../../ledger/verdict-record.ts'
import { interval } from '../../number-schema.ts'

/** Of the gate's numbers, those that a reader argues with. */
const reportedBaselineSchema = z.strictObject(
  comparisonRecordSchema.omit({ errorShare: true, worstDifference: true, meanSquaredChange: true }).shape,
)

/** Numbers at the top are against the parent; differences are after minus before, as shares. */
export const reportedEvalSchema = z.strictObject({
  ...evalVerdictRecordSchema.shape,
  mustHold: z.boolean(),
  advisoryReason: z.string().nullable(),
  /** Names of the findings that stand beside the verdict. */
  flags: z.array(z.string()),
  baselines: z.array(reportedBaselineSchema),
  /** Ids of the `lost` cases: they passed with the parent and fail now, a repeated case by at least half of its graded repeats. */
  lostCases: z.array(z.string()),
  /** Cases that have twins against their twins, on the candidate; absent where no pair was graded. */
  twins: z.strictObject({ pairs: z.int(), caseShare: z.number(), twinShare: z.number(), gap: z.number(), interval }).optional(),
})

export type ReportedEval = z.infer<typeof reportedEvalSchema>
export type ReportedBaseline = z.infer<typeof reportedBaselineSchema>
