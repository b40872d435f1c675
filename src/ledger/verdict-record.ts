/**
 * @file verdict.json: what the gate said of one round of one arm, with everything that is needed to argue with it. The gate's own types follow from these
 * schemas. In JSON a number that does not exist (no pair could be graded) is null; members that later versions add are passed over, and those that an
 * earlier one did not have yet are optional.
 */
import { z } from 'zod'

const figure = z.number().nullable()
/** Two-sided interval at 1 - 2 alpha: each end is a one-sided limit at 1 - alpha. */
const interval = z.tuple([figure, figure]).readonly()

/** The numbers of the candidate against one baseline. Differences are after minus before, as shares. */
export const comparisonRecordSchema = z.object({
  /** Which earlier model the candidate is compared with. Only `parent` and `anchor` can block. */
  baseline: z.enum(['parent', 'anchor', 'base', 'best']),
  /** How it was tested. */
  method: z.string(),
  /** Cases with at least one usable pair. */
  n: z.int(),
  /** Clusters among them, or null where every case stands alone. */
  clusters: z.int().nullable(),
  /** Variance of the difference with clusters over that without, at least 1; null where every case stands alone. */
  designEffect: figure,
  /** Pairs (case and repeat) that one side or both could not grade. */
  errors: z.int(),
  errorShare: figure.optional(),
  before: figure,
  after: figure,
  difference: figure,
  /** The difference if every ungraded pair were a loss. */
  worstDifference: figure.optional(),
  interval,
  /** Cases that passed before and fail now, and the reverse; a repeated case passes when at least half of its repeats do that both sides could grade. */
  lost: z.int(),
  gained: z.int(),
  /** (lost + gained) / n. */
  flipRate: figure,
  /** Mean squared difference of a case: the flip rate where single passes are compared. */
  meanSquaredChange: figure.optional(),
  /** One-sided p of "it got worse" (exact McNemar or sign-flip), before correction. */
  pLoss: figure,
  /** The same after Holm over the evals and baselines that were tested together; null for a comparison that decides nothing. */
  pLossHolm: figure,
  /** One-sided p of "it got better". */
  pGain: figure,
  /** One-sided p against "it lost the margin or more" (Tango, or the tilted test). */
  pNonInferior: figure,
})
export type ComparisonRecord = z.infer<typeof comparisonRecordSchema>

/** A margin cut to a share of what there is to lose, fixed from dev cases before a gate case is opened. */
export const relativeMarginSchema = z
  .strictObject({
    /** The eval's declared margin, which was wider. */
    declared: z.number(),
    /** The policy's share. */
    share: z.number(),
    /** The anchor's score on dev cases. */
    anchorScore: z.number(),
  })
  .readonly()

/** The verdict on one eval. The numbers at the top are those against `parent`; `baselines` has them all. */
export const evalVerdictRecordSchema = z.object({
  name: z.string(),
  /** What the eval is to the round: what it should improve, what it must keep, what comes later, or none of these (a feature that was tried and never accepted). */
  role: z.enum(['target', 'old', 'future', 'none']),
  /** Whether this eval could block the round: a target, or an old eval that the suite did not declare as not blocking. */
  blocking: z.boolean(),
  /** Whether ACCEPTED needs it HELD: a blocking old eval that is not advisory. */
  mustHold: z.boolean().optional(),
  advisoryReason: z.string().optional(),
  /** What the numbers allow to be said. A missed target carries what the rules for old evals say of its loss. */
  verdict: z.enum(['IMPROVED', 'HELD', 'REGRESSED', 'INCONCLUSIVE']),
  /** One sentence for a person. */
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
  /** Findings that stand beside the verdict. */
  flags: z.record(z.string(), z.boolean()),
  /** Cases that would settle an INCONCLUSIVE at the measured flip rate; null where cases are not what is missing. */
  neededN: figure,
  /** The cases behind `lost`. */
  lostCases: z.array(z.string()).readonly().optional(),
  baselines: z.array(comparisonRecordSchema).readonly(),
})
export type EvalVerdictRecord = z.infer<typeof evalVerdictRecordSchema>

/** One kind of difference between two foreign models on one eval, with the first few cases that show it. */
export const modelDifferenceSchema = z.object({
  evalName: z.string(),
  hash: z.string(),
  pairs: z.int(),
  caseIds: z.array(z.string()).readonly(),
})

/** The verdict on one round of one arm. */
export const verdictRecordSchema = z.object({
  round: z.string(),
  arm: z.string(),
  /** Only ACCEPTED advances a lineage. */
  verdict: z.enum(['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE']),
  /** One sentence for each finding that decided, worst first; never empty. */
  reasons: z.array(z.string()).readonly(),
  evals: z.array(evalVerdictRecordSchema).readonly(),
  policy: z.record(z.string(), z.unknown()),
  /** Level that a Holm-corrected loss must reach: alpha over the planned rounds. */
  alphaRegressed: z.number(),
  /** Hypotheses corrected together: blocking old evals times their blocking baselines. */
  familySize: z.int(),
  /** Mode `gate`: how two foreign models were asked differently. */
  differences: z.array(modelDifferenceSchema).readonly().optional(),
})
export type VerdictRecord = z.infer<typeof verdictRecordSchema>
