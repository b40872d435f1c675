/**
 * @file Every arm's rounds, as data: what decided, the evals of each, and what the training left. It selects, orders and names what the gate and
 * the trainers recorded; the curves and the watch have members of their own in each round.
 */
import { z } from 'zod'
import { decidingFact } from '../../deciding-fact.ts'
import type { LineageRound, TracedRun } from '../../lineage.ts'
import { figure } from '../../number-schema.ts'
import { outcomeSchema } from '../../outcome-mark.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'
import { trainingMembers, trainingShape } from '../curves/data.ts'
import { watchMembers, watchShape } from '../watch/data.ts'
import { evalOf, worstFirst } from './eval-data.ts'
import { reportedEvalSchema } from './reported-eval.ts'

const reportedRoundSchema = z.strictObject({
  round: z.string(),
  feature: z.string().nullable(),
  arm: z.string(),
  role: z.enum(['candidate', 'control']),
  outcome: outcomeSchema,
  /** Round whose candidate was the parent; null is the base. */
  parentRound: z.string().nullable(),
  /** The fact that decided, in one sentence. */
  decidingFact: z.string(),
  reasons: z.array(z.string()),
  alphaRegressed: figure,
  familySize: z.int().nullable(),
  evals: z.array(reportedEvalSchema),
  ...trainingShape,
  ...watchShape,
  /** The trainer's own code and whole message, where the arm was lost and it left them. Untrusted text. */
  lost: z.strictObject({ code: z.string(), message: z.string() }).optional(),
})

export type ReportedRound = z.infer<typeof reportedRoundSchema>

const shape = { rounds: z.array(reportedRoundSchema) }

export type EvalsMembers = Members<typeof shape>

/** Rounds in the plan's order, in each the arms in theirs. */
export const evalsData = documentPart(shape, (run): EvalsMembers => ({
  rounds: run.plan.rounds.flatMap(({ name }) =>
    run.lineages.filter(({ recorded }) => recorded.round === name).map((entry) => roundOf(entry, run)),
  ),
}))

function roundOf(entry: LineageRound, run: TracedRun): ReportedRound {
  const { recorded } = entry
  const { verdict } = recorded
  return {
    round: recorded.round,
    feature: recorded.feature,
    arm: recorded.arm,
    role: entry.role,
    outcome: entry.outcome,
    parentRound: entry.parent?.round ?? null,
    decidingFact: decidingFact(entry),
    reasons: [...(verdict?.reasons ?? [])],
    alphaRegressed: verdict?.alphaRegressed ?? null,
    familySize: verdict?.familySize ?? null,
    evals: (verdict?.evals ?? []).map((each) => evalOf(each, entry, run)).toSorted(worstFirst),
    ...trainingMembers(recorded),
    ...watchMembers(recorded),
    ...lostMember(entry),
  }
}

/** Code and whole message of a lost trainer. */
function lostMember({ outcome, recorded }: LineageRound): Pick<ReportedRound, 'lost'> {
  const last = recorded.events.at(-1)
  return outcome === 'LOST' && last?.type === 'lost' ? { lost: { code: last.code, message: last.message } } : {}
}
