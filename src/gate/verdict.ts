/**
 * @file The gate's nouns: what is put before it (paired grades) and what it answers (verdicts with the numbers behind them).
 * Plain data that survives JSON: what it answers is src/ledger/verdict-record.ts without what only older records lack. No rule stands here.
 */
import type { ComparisonRecord, EvalVerdictRecord, VerdictRecord } from '../ledger/verdict-record.ts'
import type { GatePolicy } from './policy.ts'

/** A record of which more is known than that it can be read. */
type Known<Recorded, Members extends Partial<Recorded>> = Readonly<Omit<Recorded, keyof Members> & Members>

export type Baseline = ComparisonRecord['baseline']
export type EvalRole = EvalVerdictRecord['role']
export type EvalVerdictName = EvalVerdictRecord['verdict']
export type RoundVerdictName = VerdictRecord['verdict']
export type RelativeMargin = NonNullable<EvalVerdictRecord['relativeMargin']>

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

type Interval = readonly [lower: number, upper: number]

/** The numbers of the candidate against one baseline. */
export type ComparisonNumbers = Known<
  ComparisonRecord,
  { method: ComparisonMethod; interval: Interval } & Record<
    | 'errorShare'
    | 'before'
    | 'after'
    | 'difference'
    | 'worstDifference'
    | 'flipRate'
    | 'meanSquaredChange'
    | 'pLoss'
    | 'pGain'
    | 'pNonInferior',
    number
  >
>

/** Findings that stand beside a verdict. */
export type EvalFlags = {
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

/** The verdict on one eval. */
export type EvalVerdict = Known<
  EvalVerdictRecord,
  {
    mustHold: boolean
    flags: EvalFlags
    interval: Interval
    lostCases: readonly string[]
    baselines: readonly ComparisonNumbers[]
  } & Record<'before' | 'after' | 'difference', number>
>

/** The verdict on one round of one arm, with what is needed to argue with it. */
export type RoundVerdict = Known<Omit<VerdictRecord, 'differences' | 'policy'>, { evals: readonly EvalVerdict[] }> & {
  readonly policy: GatePolicy
}

/** What is put before the gate for one round. */
export interface RoundUnderGate {
  readonly round: string
  readonly arm: string
  readonly policy: GatePolicy
  readonly evals: readonly EvalUnderGate[]
}
