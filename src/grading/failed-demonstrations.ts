/**
 * @file Finds answers that an eval shows as right and its own graders give nothing: a model that is trained on them learns to fail.
 */
import { caseById } from '../eval/cases/case-list.ts'
import type { Eval } from '../eval/eval.ts'
import { gradeAnswer } from './grade-completion.ts'

/** An answer that is shown as right. */
export interface ShownAnswer {
  readonly caseId: string
  readonly text: string
}

/** Answers that are graded at most where each takes time: code runs in a sandbox. */
const SLOW_AT_MOST = 20

/** How many answers got a grade, and the cases of those that got 0 by all graders together in the lenient profile, or less than a pass. */
export interface DemonstrationCheck {
  readonly graded: number
  readonly zero: readonly string[]
  readonly failed: readonly string[]
}

/** Grades shown answers. No model is asked; what could not be graded says nothing. */
export async function checkDemonstrations(definition: Eval, shown: readonly ShownAnswer[]): Promise<DemonstrationCheck> {
  const graders = { ...definition, auditGraders: [] }
  const [zero, failed]: [string[], string[]] = [[], []]
  let [graded, slow] = [0, 0]
  for (const { caseId, text } of shown) {
    const row = caseById(definition.cases, caseId)
    if (row === undefined || slow >= SLOW_AT_MOST) continue
    const completion = { text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }
    const given = gradeAnswer(graders, row, { completion, profile: 'eval', messages: definition.messages.get(caseId) })
    if (given instanceof Promise) slow += 1
    const { reward } = await given
    if (reward === null) continue
    graded += 1
    if (reward === 0) zero.push(caseId)
    if (reward < definition.passThreshold) failed.push(caseId)
  }
  return { graded, zero, failed }
}
