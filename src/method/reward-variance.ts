/**
 * @file Whether a group of completions can teach a method that compares them.
 */

/** Whether a group's graded rewards are all equal: it teaches nothing and can be left out of the update. */
export function hasNoVariance(rewards: readonly (number | null)[]): boolean {
  const graded = rewards.filter((reward) => reward !== null)
  return graded.every((reward) => Math.abs(reward - (graded[0] ?? 0)) < 1e-8)
}
