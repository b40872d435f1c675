/**
 * @file Everything that a reader is warned of: what the plan said before the run, and what its records show afterwards.
 */
import { answerWarning, type RunWarning } from '../../../ledger/answer-warning.ts'
import { learningWarning } from '../../../trainer/learning-warning.ts'
import type { GradesByEval, RecordedRun } from '../../recorded-run.ts'

/** The plan's warnings first, then rounds and arms in the plan's order. */
export function runWarnings({ plan, baseGrades, armRounds }: RecordedRun): readonly RunWarning[] {
  const isGate = plan.mode === 'gate'
  const base = answersOf(baseGrades, isGate ? 'the parent' : 'the base')
  const arms = armRounds.flatMap(({ round, arm, events, grades }) => {
    const learning = learningWarning(events, { round, arm })
    return [...(learning === null ? [] : [learning]), ...answersOf(grades, isGate ? 'the candidate' : `${round}/${arm}`)]
  })
  return [...plan.warnings, ...base, ...arms]
}

function answersOf({ gate }: GradesByEval, model: string): readonly RunWarning[] {
  return [...gate].flatMap(([evalName, records]) => answerWarning(records, { model, evalName }) ?? [])
}
