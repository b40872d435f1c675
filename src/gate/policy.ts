/**
 * @file What a suite declares about its gate: error rates, margins and budgets, checked once and hashed into every report.
 * Knows nothing of evals, rounds or models.
 */
import { z } from 'zod'

/** The gate's settings after defaults are filled in; everything in it decides a verdict. */
export interface GatePolicy {
  /** One-sided error rate of every test; intervals cover 1 - 2 alpha. */
  readonly alpha: number
  /** The largest loss, as a share, that still counts as held; an eval may declare its own. */
  readonly margin: number
  /** The smallest gain, as a share, that makes a target IMPROVED; an eval may declare its own. */
  readonly minEffect: number
  /** Rounds of one lineage among which alpha for REGRESSED is divided. */
  readonly plannedRounds: number
  /** Share of pairs that may be ungraded before an eval is INCONCLUSIVE. */
  readonly errorBudgetShare: number
  /** What a loss that is proven and yet inside the margin does: HELD with a flag, or REGRESSED. */
  readonly smallButReal: 'warn' | 'block'
  /** A loss, as a share, that is REGRESSED as soon as the one-sided upper limit of the difference lies below minus this. */
  readonly hardLimit: number | null
  /** Chance that a harmless round is ACCEPTED as far as its old evals go: what the size of a gate is judged for before training. */
  readonly power: number
  /** How much the changes of two cases of one cluster are expected to correlate: a quarter where half of the cases do what their cluster does. */
  readonly clusterCorrelation: number
  /** The largest share of what an eval has above chance that may be lost, where that is less than its margin; null for absolute margins only. */
  readonly relativeMargin: number | null
  /** The relative margin applies to evals whose anchor scores below this on dev cases. */
  readonly relativeMarginBelow: number
  /** Draws of the Monte Carlo sign-flip test. */
  readonly resamples: number
  /** Seed of those draws. */
  readonly seed: number
}

/** What a suite file may write: every setting has a default. */
export type GatePolicyInput = { readonly [Key in keyof GatePolicy]?: GatePolicy[Key] | undefined }

const share = (fallback: number): z.ZodDefault<z.ZodNumber> => z.number().gt(0).lt(1).default(fallback)

/** Checks a declared policy and fills in the defaults. Unknown keys are refused, so that a misspelt setting cannot pass as a default. */
export const gatePolicySchema: z.ZodType<GatePolicy, GatePolicyInput> = z.strictObject({
  alpha: z.number().gt(0).max(0.5).default(0.05),
  margin: share(0.05),
  minEffect: z.number().min(0).lt(1).default(0.05),
  plannedRounds: z.int().min(1).default(1),
  errorBudgetShare: z.number().min(0).max(1).default(0.02),
  smallButReal: z.enum(['warn', 'block']).default('warn'),
  hardLimit: z.number().gt(0).lt(1).nullable().default(null),
  power: share(0.85),
  clusterCorrelation: z.number().min(0).max(1).default(0.25),
  relativeMargin: z.number().gt(0).lt(1).nullable().default(null),
  relativeMarginBelow: z.number().gt(0).max(1).default(0.5),
  resamples: z.int().min(1000).max(1_000_000).default(10_000),
  seed: z.int().min(0).default(0),
})
