/**
 * @file The gap between a grader's two profiles: how many of the answers that pass as a test would pass as a reward. A wide gap means that reinforcement
 * has less to learn from than the test suggests, or that the test is kind.
 */
import { caseById } from '../../eval/cases/case-list.ts'
import type { Eval } from '../../eval/eval.ts'
import { gradeAnswer } from '../../grading/grade-completion.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'

/**
 * Share of the graded completions that pass in the `reward` profile. Null when nothing was graded, and where a grader asks a model or runs code (it
 * declares a time limit): those are not asked twice.
 */
export async function rewardPassShare(records: readonly GradeRecord[], evaluated: Eval): Promise<number | null> {
  if (evaluated.graders.some(({ timeoutMs }) => timeoutMs !== undefined)) return null
  const strict = { ...evaluated, auditGraders: [] }
  let [graded, passed] = [0, 0]
  for (const record of records) {
    const row = caseById(evaluated.cases, record.caseId)
    if (record.reward === null || row === undefined) continue
    const { completion: text, tokenIds, logProbs, finishReason, toolCalls } = record
    const completion = { text, tokenIds, logProbs, finishReason, toolCalls }
    const grade = gradeAnswer(strict, row, { completion, profile: 'reward', messages: evaluated.messages.get(row.id) })
    // Most graders answer at once and cost no promise.
    const { reward } = grade instanceof Promise ? await grade : grade
    if (reward === null) continue
    graded += 1
    passed += Number(reward >= evaluated.passThreshold)
  }
  return graded === 0 ? null : passed / graded
}
