/**
 * @file What the training loop asks for in every step, and what computes it is given. One file for each form of data implements it, driven by a method's card.
 */
import type { Engine, TokenSequence, WeightsId } from '../../engine/engine.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { TrainerServices } from '../trainer.ts'
import type { Rollout } from '../training-event.ts'
import type { StageSpec } from '../../method/method-spec.ts'
import type { TrainingSpec } from '../training-spec.ts'

/** What every stepper works with. */
export interface StepperContext {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly spec: TrainingSpec
  /** The spec's method. */
  readonly stage: StageSpec
  readonly services: TrainerServices
  /** The adapter in training. */
  readonly weights: WeightsId
  /** The round's parent, as reference for a KL penalty; null is the base. */
  readonly parent: WeightsId | null
  /** Rollouts of an earlier process up to the step where training goes on. */
  readonly earlierRollouts: readonly Rollout[]
}

/** A case by its eval ('' is the round's own) and its id: ids alone are only unique within an eval. */
export type CaseName = Pick<TrainingSpec['examples'][number], 'eval' | 'caseId'>

/** What one step did. `updated` is false when there was nothing to learn from; then no optimizer step follows. */
export interface TakenStep {
  readonly updated: boolean
  readonly loss: number | null
  readonly trainedTokens: number
  readonly meanReward: number | null
  readonly zeroVarianceShare: number | null
  readonly meanLength: number | null
  /** The case of each completion trained on, in order. */
  readonly cases: readonly CaseName[]
  readonly rollouts: readonly Rollout[]
}

/** Computes one step's gradient in the engine. `step` counts from 1. */
export interface Stepper {
  step(step: number): Promise<TakenStep>
}

/** A demonstration as tokens: prompt through the chat template, completion, and the token that ends it. */
export function demonstrationSequence(
  context: StepperContext,
  example: { messages: Messages; tools?: Tools; completion: string },
): TokenSequence {
  const prompt = context.tokenizer.renderChat(example.messages, { addGenerationPrompt: true, tools: example.tools }).ids
  const completion = context.tokenizer.encode(example.completion, { plainText: true })
  return completedSequence(prompt, [...completion, ...context.tokenizer.turnEnd(context.engine.model.stopIds)])
}

type Messages = TrainingSpec['examples'][number]['messages']
type Tools = TrainingSpec['examples'][number]['tools']

/** Prompt and completion tokens as one sequence. */
export function completedSequence(prompt: Int32Array, completion: ArrayLike<number>): TokenSequence {
  const ids = new Int32Array(prompt.length + completion.length)
  ids.set(prompt)
  ids.set(completion, prompt.length)
  return { ids, promptLength: prompt.length }
}

/** What a step without sampling reports about samples. */
export const NO_SAMPLES = { meanReward: null, zeroVarianceShare: null, meanLength: null, rollouts: [] } as const
