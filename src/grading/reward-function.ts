/**
 * @file The suite's graders as rewards for training: the strict profile, training cases only.
 */
import type { Completion } from '../eval/completion.ts'
import type { Eval } from '../eval/eval.ts'
import { RewardRefusedError } from './errors.ts'
import { gradeCompletion } from './grade-completion.ts'
import type { CompletionGrade } from './grade-completion.ts'

/** One completion to reward. */
export interface RewardRequest {
  readonly caseId: string
  readonly completion: Completion
}

/** Rewards in the order of the requests; null means "could not be graded" and is never 0. */
export type CaseRewards = (requests: readonly RewardRequest[]) => Promise<readonly (number | null)[]>

/**
 * Rewards by an eval's graders. `onGrade` sees each whole grade, for counting errors and formats.
 * @throws RewardRefusedError (from the returned function) for a case that is not a training case
 */
export function createRewardFunction(definition: Eval, onGrade?: (request: RewardRequest, grade: CompletionGrade) => void): CaseRewards {
  const cases = new Map(definition.cases.map((row) => [row.id, row]))
  return async (requests) => {
    const rewards: (number | null)[] = []
    for (const request of requests) {
      const row = cases.get(request.caseId)
      if (row?.role !== 'train') throw new RewardRefusedError(definition.name, request.caseId, row?.role ?? null)
      const grade = await gradeCompletion(definition, row, { completion: request.completion, profile: 'reward' })
      onGrade?.(request, grade)
      rewards.push(grade.reward)
    }
    return rewards
  }
}
