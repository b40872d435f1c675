/**
 * @file The named forgetting metrics of each arm's lineage. Only accepted rounds count: a blocked adapter was never what the app ran on.
 */
import { z } from 'zod'
import { forgettingMetrics } from '../../../gate/forgetting-metrics.ts'
import { acceptedRounds } from '../../lineage.ts'
import type { TracedRun } from '../../lineage.ts'
import { figure } from '../../number-schema.ts'
import type { GradesByEval } from '../../recorded-run.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'
import { passShare } from '../heat-map/data.ts'

const reportedForgettingSchema = z.strictObject({
  arm: z.string(),
  rounds: z.array(z.string()),
  metrics: z.array(z.strictObject({ name: z.string(), value: figure, formula: z.string(), source: z.string() })),
})

const shape = { forgetting: z.array(reportedForgettingSchema) }

export type ForgettingMembers = Members<typeof shape>

export const forgettingData = documentPart(shape, (run): ForgettingMembers => ({
  forgetting: run.plan.mode === 'gate' ? [] : run.plan.arms.map((arm) => forgettingOf(arm.name, run)),
}))

/** Metrics over the matrix of accepted rounds and their features; none when a score is missing or nothing was accepted. */
function forgettingOf(arm: string, run: TracedRun): z.infer<typeof reportedForgettingSchema> {
  const accepted = acceptedRounds(run, arm)
  const rounds = accepted.map((entry) => entry.recorded.round)
  const features = accepted.flatMap((entry) => (entry.recorded.feature === null ? [] : [entry.recorded.feature]))
  const scoresOf = ({ gate }: GradesByEval): (number | null)[] => features.map((feature) => passShare(gate.get(feature)).share)
  const base = scoresOf(run.baseGrades)
  const scores = accepted.map((entry) => scoresOf(entry.recorded.grades))
  const complete = rounds.length > 0 && [base, ...scores].every((row) => row.every((share) => share !== null))
  if (!complete) return { arm, rounds, metrics: [] }
  return { arm, rounds, metrics: forgettingMetrics({ base: base as number[], scores: scores as number[][] }) }
}
