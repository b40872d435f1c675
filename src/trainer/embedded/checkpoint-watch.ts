/**
 * @file Shows the watched cases' answers to whoever watches a training, before the first step and at every checkpoint. It judges nothing.
 */
import type { RewardRequest } from '../../grading/reward-function.ts'
import type { WatchAnswer } from '../trainer.ts'
import type { TrainingEvent } from '../training-event.ts'
import type { StepperContext } from './stepper.ts'

const GO_ON: WatchAnswer = { stop: false }

/** Collects the training reward between checkpoints and reports it with greedy answers. Does nothing where nobody watches. */
export class CheckpointWatch {
  readonly #context: StepperContext
  readonly #isActive: boolean
  #rewards: number[] = []
  /** Answers of the parent, held back until the first batch's reward is known. */
  #start: RewardRequest[] | null = null

  constructor(context: StepperContext) {
    this.#context = context
    this.#isActive = context.services.watch !== undefined && context.spec.watched.length > 0
  }

  /** Before the first step, with the parent's weights. */
  async begin(): Promise<void> {
    if (this.#isActive) this.#start = await this.#answers()
  }

  /** After every step; the first one's rewards were drawn from the parent. */
  async sawStep(event: Extract<TrainingEvent, { type: 'step' }>): Promise<void> {
    if (event.meanReward !== null) this.#rewards.push(event.meanReward)
    if (this.#start === null) return
    await this.#context.services.watch?.({ step: 0, meanReward: event.meanReward, answers: this.#start })
    this.#start = null
  }

  /** At a checkpoint, with the weights that it would keep. */
  async atCheckpoint(step: number): Promise<WatchAnswer> {
    if (!this.#isActive) return GO_ON
    const meanReward = this.#rewards.length === 0 ? null : this.#rewards.reduce((sum, reward) => sum + reward, 0) / this.#rewards.length
    this.#rewards = []
    return (await this.#context.services.watch?.({ step, meanReward, answers: await this.#answers() })) ?? GO_ON
  }

  async #answers(): Promise<RewardRequest[]> {
    const { engine, tokenizer, spec, weights } = this.#context
    const prompts = spec.watched.map(({ messages, tools }) => ({
      ids: tokenizer.renderChat(messages, { addGenerationPrompt: true, tools }).ids,
      seeds: [0],
    }))
    const sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: spec.maxNewTokens }
    const groups = await engine.generate({ weights, prompts, sampling })
    return spec.watched.flatMap((watched, index) =>
      (groups[index] ?? []).map((drawn) => ({
        caseId: watched.caseId,
        eval: watched.eval,
        completion: { text: tokenizer.decode(drawn.ids), tokenIds: [...drawn.ids], logProbs: null, finishReason: drawn.finish },
      })),
    )
  }
}
