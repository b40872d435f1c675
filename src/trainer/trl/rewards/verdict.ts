/**
 * @file Asks the suite's graders for the reward of one completion and believes nothing: whatever goes wrong is a reward that could not be given,
 * never a 0. Only a case that may not be rewarded is an error, because then the training itself is wrong.
 */
import { isHoldfastError } from '../../../base/errors.ts'
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import { TIMED_OUT, withinDeadline } from '../../../base/deadline.ts'
import type { RewardRequest } from '../../../grading/reward-function.ts'
import type { TrainerServices } from '../../trainer.ts'
import type { RewardVerdict } from './record.ts'

/** What rewards are asked from. `whyUngraded` names the error behind the null that the same request just got. */
export type GraderServices = Pick<TrainerServices, 'grade' | 'watch'> & {
  readonly whyUngraded?: (request: RewardRequest) => string | null
}

/**
 * The reward of one completion, or null with an error that begins with a code.
 * @throws RewardRefusedError for a case that may not be rewarded
 */
export async function verdictOf(services: GraderServices, request: RewardRequest, deadlineMs: number): Promise<RewardVerdict> {
  try {
    const rewards: unknown = await withinDeadline(services.grade([request]), { deadlineMs, keepAlive: false })
    if (rewards === TIMED_OUT) return ungraded(`GRADER_TIMED_OUT: no reward within ${deadlineMs} ms`)
    if (!Array.isArray(rewards) || rewards.length !== 1) return ungraded('GRADER_BAD_GRADE: the graders gave no list of one reward')
    const [reward] = rewards as readonly unknown[]
    if (reward === null) return ungraded(services.whyUngraded?.(request) ?? 'GRADER_ABSTAINED: the graders gave no reward')
    if (typeof reward === 'number' && reward >= 0 && reward <= 1) return { reward, error: null }
    return ungraded(
      `GRADER_BAD_GRADE: the reward is ${typeof reward === 'number' ? reward : typeof reward}, which is neither null nor from 0 to 1`,
    )
  } catch (error) {
    if (isHoldfastError(error) && error.code === 'REWARD_REFUSED') throw error
    return ungraded(`GRADER_THREW: ${quoteUntrusted(error instanceof Error ? error.message : String(error), 200)}`)
  }
}

function ungraded(error: string): RewardVerdict {
  return { reward: null, error }
}
