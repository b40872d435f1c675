/**
 * @file Passes a checkpoint's answers on to the round's watch, once per step.
 */
import { InternalError, isHoldfastError, type HoldfastError } from '../../../base/errors.ts'
import { sha256 } from '../../../base/hash.ts'
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import type { RewardRequest } from '../../../grading/reward-function.ts'
import type { z } from 'zod'
import { completionsOf, type CompletionDecoder } from './completion.ts'
import { conflict, ended, type Reply } from './refusal.ts'
import type { GraderServices } from './verdict.ts'
import type { watchAnswerSchema, WatchMessage } from '../protocol.ts'

type WatchReply = z.infer<typeof watchAnswerSchema>

interface Watched {
  readonly identity: string
  readonly answer: Promise<WatchReply>
  replaceable: boolean
}

/** The checkpoints of one training as the round's watch saw them. */
export class GraderWatch {
  readonly #services: GraderServices
  readonly #decoder: CompletionDecoder
  readonly #onProblem: (problem: HoldfastError) => void
  readonly #watched = new Map<number, Watched>()

  constructor(parts: {
    readonly services: GraderServices
    readonly decoder: CompletionDecoder
    /** Told when the watch failed: a training that nobody watches must not go on. */
    readonly onProblem: (problem: HoldfastError) => void
  }) {
    this.#services = parts.services
    this.#decoder = parts.decoder
    this.#onProblem = parts.onProblem
  }

  /** Whether the training may go on. Without a watch it may. */
  async answer(message: WatchMessage): Promise<Reply<WatchReply>> {
    const identity = sha256(JSON.stringify(message))
    const known = this.#watched.get(message.step)
    if (known !== undefined && known.identity !== identity && !known.replaceable)
      return { refusal: conflict(`step ${message.step} was already watched with other answers`) }
    const completions = completionsOf(this.#decoder, message.items)
    if ('refusal' in completions) return completions
    const watched = known?.identity === identity ? known : { identity, answer: this.#ask(message, completions.answer), replaceable: false }
    watched.replaceable = false
    this.#watched.set(message.step, watched)
    try {
      return { answer: await watched.answer }
    } catch (error) {
      const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
      const problem = isHoldfastError(error)
        ? error
        : new InternalError(`The watch of step ${message.step} failed: ${reason}`, 'GraderWatch')
      this.#onProblem(problem)
      return { refusal: ended(500, problem) }
    }
  }

  /** Steps after `step` may be watched again with other answers. */
  forgetAfter(step: number): void {
    for (const [at, watched] of this.#watched) if (at > step) watched.replaceable = true
  }

  async #ask({ step, meanReward }: WatchMessage, answers: readonly RewardRequest[]): Promise<WatchReply> {
    const answer = await this.#services.watch?.({ step, meanReward, answers })
    return answer?.stop === true ? { stop: true, reason: answer.reason } : { stop: false, reason: '' }
  }
}
