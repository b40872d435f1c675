/**
 * @file The ordered rules for everything that was there before: error budget, hard limit, proven loss, proven hold, and otherwise
 * INCONCLUSIVE. "Not significantly worse" is never HELD.
 */
import type { GatePolicy } from './policy.ts'
import type { ComparisonNumbers, EvalFlags, EvalVerdictName } from './verdict.ts'

/** What the rules need to know of the eval and of the round. */
export interface LossRules {
  readonly policy: GatePolicy
  /** Level for a Holm-corrected loss: alpha over the planned rounds. */
  readonly alphaRegressed: number
  readonly chance: number
  readonly margin: number
}

/** A verdict on loss, the flags behind it, and the comparison that decided. */
export interface LossVerdict {
  readonly verdict: Exclude<EvalVerdictName, 'IMPROVED'>
  readonly flags: Omit<EvalFlags, 'missed'>
  readonly decidedBy: ComparisonNumbers
}

/**
 * Judges the loss against `parent` and, where given, `anchor`: REGRESSED against either is REGRESSED, and HELD needs both, so that small
 * losses cannot add up unseen. The first comparison must be the one with `parent`.
 */
export function judgeLoss(comparisons: readonly [ComparisonNumbers, ...ComparisonNumbers[]], rules: LossRules): LossVerdict {
  const findings = comparisons.map((numbers) => judgeOne(numbers, rules))
  const flags = {
    overErrorBudget: findings.some((finding) => finding.overErrorBudget),
    overHardLimit: findings.some((finding) => finding.overHardLimit),
    smallButReal: findings.some((finding) => finding.smallButReal),
    // Counts divided by n reach a margin only up to rounding. A relative margin of 0 says that the anchor had nothing above chance.
    noReserve: rules.margin === 0 || comparisons[0].before - rules.chance < rules.margin - 1e-12,
  }
  // A number that rests on too many ungraded pairs proves nothing, not even a loss.
  if (flags.overErrorBudget) {
    const decidedBy = comparisons.find((numbers) => isOverBudget(numbers, rules.policy)) ?? comparisons[0]
    return { verdict: 'INCONCLUSIVE', flags: { ...flags, overHardLimit: false, smallButReal: false }, decidedBy }
  }
  const verdict =
    (['REGRESSED', 'INCONCLUSIVE', 'HELD'] as const).find((name) => findings.some((finding) => finding.verdict === name)) ?? 'HELD'
  const decidedBy = comparisons[findings.findIndex((finding) => finding.verdict === verdict)] ?? comparisons[0]
  if (verdict === 'HELD' && flags.noReserve) return { verdict: 'INCONCLUSIVE', flags, decidedBy: comparisons[0] }
  return { verdict, flags, decidedBy }
}

interface Finding {
  readonly verdict: Exclude<EvalVerdictName, 'IMPROVED'>
  readonly overErrorBudget: boolean
  readonly overHardLimit: boolean
  readonly smallButReal: boolean
}

function judgeOne(numbers: ComparisonNumbers, { policy, alphaRegressed }: LossRules): Finding {
  const lossProven = (numbers.pLossHolm ?? numbers.pLoss) <= alphaRegressed
  const holdProven = numbers.pNonInferior <= policy.alpha
  const overHardLimit = policy.hardLimit !== null && numbers.interval[1] < -policy.hardLimit
  const smallButReal = lossProven && holdProven
  const common = { overErrorBudget: isOverBudget(numbers, policy), overHardLimit, smallButReal }
  if (overHardLimit) return { ...common, verdict: 'REGRESSED' }
  if (smallButReal) return { ...common, verdict: policy.smallButReal === 'block' ? 'REGRESSED' : 'HELD' }
  if (lossProven) return { ...common, verdict: 'REGRESSED' }
  return { ...common, verdict: holdProven ? 'HELD' : 'INCONCLUSIVE' }
}

/** Whether too many pairs could not be graded, or none could. */
export function isOverBudget(numbers: ComparisonNumbers, policy: GatePolicy): boolean {
  return numbers.n === 0 || numbers.errorShare > policy.errorBudgetShare
}
