/**
 * @file Steps on demonstrations: one pass gives loss and gradient, because the gradient by each log-probability is known beforehand.
 */
import type { BatchSettings } from '../../method/data-form.ts'
import type { KnownGradient } from '../../method/gradient.ts'
import type { TokenSequence } from '../../engine/engine.ts'
import { BatchOrder } from '../batch-order.ts'
import { demonstrationSequence, NO_SAMPLES, type Stepper, type StepperContext, type TakenStep } from './stepper.ts'

/** Learns from the spec's demonstrations. */
export function createDemonstrationsStepper(context: StepperContext, settings: BatchSettings, gradient: KnownGradient): Stepper {
  const demonstrations = context.spec.examples.filter((example) => example.type === 'demonstration')
  const sequences = demonstrations.map((example) => demonstrationSequence(context, example))
  const { name: label, batchSize } = settings
  const order = new BatchOrder({ count: sequences.length, batchSize, seed: context.spec.seeds.order, label })
  return {
    step: async (step) => {
      const indices = order.batch(step)
      const batch = indices.map((index) => sequences[index] as TokenSequence)
      const cases = indices.flatMap((index) => demonstrations[index] ?? [])
      return { ...(await learnCompletions(context, batch, gradient)), ...NO_SAMPLES, cases }
    },
  }
}

/** Adds the gradient of these completions. */
export async function learnCompletions(
  { engine, weights }: Pick<StepperContext, 'engine' | 'weights'>,
  sequences: readonly TokenSequence[],
  gradient: KnownGradient,
): Promise<Pick<TakenStep, 'updated' | 'loss' | 'trainedTokens'>> {
  if (sequences.length === 0) return { updated: false, loss: null, trainedTokens: 0 }
  const lengths = sequences.map((sequence) => sequence.ids.length - sequence.promptLength)
  const result = await engine.backward({ weights, sequences, gradients: { logProb: gradient.weights(lengths) } })
  return { updated: true, loss: gradient.loss(result.logProb), trainedTokens: lengths.reduce((sum, length) => sum + length, 0) }
}
