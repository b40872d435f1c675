/**
 * @file Two rules that everything shares which counts cases, in a verdict, a report or an evaluation: which cases belong together, and when a repeated case
 * has passed.
 */

/** Equal for cases of one cluster; a case without cluster is one by itself. */
export function clusterKey(caseId: string, cluster: string | null): string {
  return cluster === null ? `case ${caseId}` : `cluster ${cluster}`
}

/** Whether a case has passed of which so many of its graded repeats did, or that share of one: at least half, so that a tie counts as passed. */
export function casePassed(passed: number, graded: number): boolean {
  return 2 * passed >= graded
}
