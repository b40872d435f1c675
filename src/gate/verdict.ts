/**
 * @file The gate's nouns: what is put before it (paired grades) and what it answers (verdicts with the numbers behind them).
 * Plain data that survives JSON; no rule stands here.
 */
import type { GatePolicy } from './policy.ts'

/** Which earlier model the candidate is compared with. Only `parent` and `anchor` can block. */
export type Baseline = 'parent' | 'anchor' | 'base' | 'best'

/** What an eval is to a round: what it should improve, what it must keep, what comes later, or none of these (a feature that was tried and never accepted). */
export type EvalRole = 'target' | 'old' | 'future' | 'none'

/** What the numbers of one eval allow to be said. */
export type EvalVerdictName = 'IMPROVED' | 'HELD' | 'REGRESSED' | 'INCONCLUSIVE'

/** What becomes of a round. Only ACCEPTED advances a lineage. */
export type RoundVerdictName = 'ACCEPTED' | 'BLOCKED' | 'INCONCLUSIVE'

/** One case and repeat as graded on both sides; null means "could not be graded" and is never 0. */
export interface PairedGrade {
  readonly caseId: string
  readonly repeat: number
  /** Cases that share a template or an entity; null is a cluster of its own. */
  readonly cluster: string | null
  /** Rewards, 0 to 1. */
  readonly before: number | null
  readonly after: number | null
  readonly passBefore: boolean | null
  readonly passAfter: boolean | null
}

/** The candidate against one baseline on one eval. */
export interface EvalComparison {
  readonly evalName: string
  readonly baseline: Baseline
  readonly pairs: readonly PairedGrade[]
}

/** The comparisons of one eval. Leave `anchor` out where the anchor is the parent itself, so that one hypothesis is not counted twice. */
export interface EvalComparisons {
  readonly parent: EvalComparison
  readonly anchor?: EvalComparison | undefined
  readonly base?: EvalComparison | undefined
  readonly best?: EvalComparison | undefined
}

/** A margin cut to a share of what there is to lose, fixed from dev cases before a gate case is opened. */
export interface RelativeMargin {
  /** The eval's declared margin, which was wider. */
  readonly declared: number
  /** The policy's share. */
  readonly share: number
  /** The anchor's score on dev cases. */
  readonly anchorScore: number
}

/** One eval as the gate sees it: what was declared before training, and the paired grades. */
export interface EvalUnderGate {
  readonly name: string
  readonly role: EvalRole
  /** False where the suite declared it so: the eval is shown and decides nothing. */
  readonly blocking: boolean
  /** Makes the eval advisory, and says why (too few cases): ACCEPTED does not wait for its HELD, and a proven loss of it blocks all the same. */
  readonly advisoryReason?: string | undefined
  /** What is tested: the declared margin, or less where the relative margin applies. */
  readonly margin: number
  /** Where `margin` comes from when it is not the declared one. */
  readonly relativeMargin?: RelativeMargin | undefined
  readonly minEffect: number
  /** Declared share of cases that change between two equally good models. */
  readonly expectedFlips: number
  /** Score of guessing. */
  readonly chance: number
  readonly repeats: number
  /** Whether rewards (true) or passes (false) are compared. */
  readonly graded: boolean
  readonly comparisons: EvalComparisons
}

/** How a comparison was tested. */
export type ComparisonMethod = 'mcnemar, tango' | 'sign-flip, clustered tango' | 'sign-flip, tilted'

/** The numbers of the candidate against one baseline. Differences are after minus before, as shares. */
export interface ComparisonNumbers {
  readonly baseline: Baseline
  readonly method: ComparisonMethod
  /** Cases with at least one usable pair. */
  readonly n: number
  /** Clusters among them, or null where every case stands alone. */
  readonly clusters: number | null
  /** Variance of the difference with clusters over that without, at least 1; null where every case stands alone. */
  readonly designEffect: number | null
  /** Pairs (case and repeat) that one side or both could not grade. */
  readonly errors: number
  readonly errorShare: number
  readonly before: number
  readonly after: number
  readonly difference: number
  /** The difference if every ungraded pair were a loss. */
  readonly worstDifference: number
  /** Two-sided interval at 1 - 2 alpha: each end is a one-sided limit at 1 - alpha. */
  readonly interval: readonly [lower: number, upper: number]
  /** Cases that passed before and fail now, and the reverse; a repeated case passes when at least half of its repeats do that both sides could grade. */
  readonly lost: number
  readonly gained: number
  /** (lost + gained) / n. */
  readonly flipRate: number
  /** Mean squared difference of a case: the flip rate where single passes are compared. */
  readonly meanSquaredChange: number
  /** One-sided p of "it got worse" (exact McNemar or sign-flip), before correction. */
  readonly pLoss: number
  /** The same after Holm over the evals and baselines that were tested together; null for a comparison that decides nothing. */
  readonly pLossHolm: number | null
  /** One-sided p of "it got better". */
  readonly pGain: number
  /** One-sided p against "it lost the margin or more" (Tango, or the tilted test). */
  readonly pNonInferior: number
}

/** Findings that stand beside a verdict. */
export interface EvalFlags {
  /** The loss is proven and yet inside the margin. */
  readonly smallButReal: boolean
  /** The parent's score is not above chance by the margin: nothing could be held. */
  readonly noReserve: boolean
  /** More pairs could not be graded than the policy allows. */
  readonly overErrorBudget: boolean
  /** The loss is beyond the policy's hard limit even at its upper confidence limit. */
  readonly overHardLimit: boolean
  /** The target's gain is below its minimum effect even at its upper confidence limit. */
  readonly missed: boolean
}

/** The verdict on one eval. The numbers at the top are those against `parent`; `baselines` has them all. */
export interface EvalVerdict {
  readonly name: string
  readonly role: EvalRole
  /** Whether this eval could block the round: a target, or an old eval that the suite did not declare as not blocking. */
  readonly blocking: boolean
  /** Whether ACCEPTED needs it HELD: a blocking old eval that is not advisory. */
  readonly mustHold: boolean
  readonly advisoryReason?: string | undefined
  /** A missed target carries what the rules for old evals say of its loss. */
  readonly verdict: EvalVerdictName
  /** One sentence for a person. */
  readonly reason: string
  readonly margin: number
  readonly relativeMargin?: RelativeMargin | undefined
  readonly minEffect: number
  readonly n: number
  readonly errors: number
  readonly before: number
  readonly after: number
  readonly difference: number
  readonly interval: readonly [lower: number, upper: number]
  readonly lost: number
  readonly gained: number
  readonly flags: EvalFlags
  /** Cases that would settle an INCONCLUSIVE at the measured flip rate; null where cases are not what is missing. */
  readonly neededN: number | null
  /** The cases behind `lost`. */
  readonly lostCases: readonly string[]
  readonly baselines: readonly ComparisonNumbers[]
}

/** The verdict on one round of one arm, with what is needed to argue with it. */
export interface RoundVerdict {
  readonly round: string
  readonly arm: string
  readonly verdict: RoundVerdictName
  /** One sentence for each finding that decided, worst first; never empty. */
  readonly reasons: readonly string[]
  readonly evals: readonly EvalVerdict[]
  readonly policy: GatePolicy
  /** Level that a Holm-corrected loss must reach: alpha over the planned rounds. */
  readonly alphaRegressed: number
  /** Hypotheses corrected together: blocking old evals times their blocking baselines. */
  readonly familySize: number
}

/** What is put before the gate for one round. */
export interface RoundUnderGate {
  readonly round: string
  readonly arm: string
  readonly policy: GatePolicy
  readonly evals: readonly EvalUnderGate[]
}
