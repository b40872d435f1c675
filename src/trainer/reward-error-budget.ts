/**
 * @file How many completions of a training may stay without a grade: the same on every trainer.
 */

/** A training is stopped when more than this share of its completions could not be graded, and more than this many. */
export const REWARD_ERROR_BUDGET = { share: 0.1, minimum: 50 } as const

/** Whether a training must be stopped. */
export function isOverErrorBudget(failed: number, graded: number): boolean {
  return failed > Math.max(REWARD_ERROR_BUDGET.minimum, REWARD_ERROR_BUDGET.share * graded)
}
