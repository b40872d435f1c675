/**
 * @file The rule for what a round was meant to improve: a proven gain that is also large enough, a gain that is proven too small, or neither.
 */
import { isOverBudget } from './judge-loss.ts'
import type { GatePolicy } from './policy.ts'
import type { ComparisonNumbers } from './verdict.ts'

/** What became of a target. */
export type TargetOutcome = 'improved' | 'missed' | 'open' | 'over-error-budget'

/** Judges a target against its parent. */
export function judgeTarget(parent: ComparisonNumbers, minEffect: number, policy: GatePolicy): TargetOutcome {
  if (isOverBudget(parent, policy)) return 'over-error-budget'
  // Counts divided by n reach a declared effect only up to rounding.
  if (parent.pGain <= policy.alpha && parent.difference >= minEffect - 1e-12) return 'improved'
  return parent.interval[1] < minEffect ? 'missed' : 'open'
}
