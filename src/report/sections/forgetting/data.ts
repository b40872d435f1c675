/**
 * @file The named forgetting metrics of one arm's lineage. Only accepted rounds count: a blocked adapter was never what the app ran on.
 */
import { forgettingMetrics } from '../../../gate/forgetting-metrics.ts'
import type { LineageRound } from '../../lineage.ts'
import type { ReportedForgetting, ReportedMatrix } from '../../document.ts'

/** Metrics over the matrix of accepted rounds and their features; none when a score is missing or nothing was accepted. */
export function forgettingOf(arm: string, matrices: readonly ReportedMatrix[], accepted: readonly LineageRound[]): ReportedForgetting {
  const matrix = matrices.find((each) => each.arm === arm)
  const rounds = accepted.map((entry) => entry.recorded.round)
  const features = accepted.flatMap((entry) => (entry.recorded.feature === null ? [] : [entry.recorded.feature]))
  const scoresOf = (round: string | null): (number | null)[] => {
    const row = matrix?.rows.find((each) => each.round === round)
    return features.map((feature) => row?.cells.find((cell) => cell.eval === feature)?.passShare ?? null)
  }
  const base = scoresOf(null)
  const scores = rounds.map(scoresOf)
  const complete = rounds.length > 0 && [base, ...scores].every((row) => row.every((share) => share !== null))
  if (!complete) return { arm, rounds, metrics: [] }
  return { arm, rounds, metrics: forgettingMetrics({ base: base as number[], scores: scores as number[][] }) }
}
