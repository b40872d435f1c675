/**
 * @file Failures of trainers that a caller can act on.
 */
import { HoldfastError } from '../base/errors.ts'

/** Too many completions could not be graded: rewards that are missing at random teach the wrong thing. */
export class RewardErrorsError extends HoldfastError {
  readonly failed: number
  readonly graded: number

  constructor(data: { failed: number; graded: number; round: string; arm: string }) {
    super({
      code: 'REWARD_ERRORS',
      summary: `Training stopped: ${data.failed} of ${data.graded} completions could not be graded, a tenth is the limit`,
      where: `round "${data.round}", arm "${data.arm}"`,
      fix: 'make the graders of this eval return a reward for every completion; `holdfast eval` shows which errors they give',
    })
    this.failed = data.failed
    this.graded = data.graded
  }
}

/** A trainer was asked for something that it cannot do. */
export class TrainerRefusedError extends HoldfastError {
  constructor(data: { place: string; reason: string }) {
    super({
      code: 'TRAINER_REFUSED',
      summary: `The training cannot be run: ${data.reason}`,
      where: data.place,
      fix: 'change the arm as the sentence says, or name another trainer with --trainer',
    })
  }
}
