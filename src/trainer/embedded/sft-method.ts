/**
 * @file Supervised fine-tuning on the embedded engine: one pass gives loss and gradient, because the weights are known beforehand.
 */
import { sft, sftGradients } from '../../method/sft.ts'
import type { Engine, TokenSequence, WeightsId } from '../../engine/engine.ts'
import { BatchOrder } from '../batch-order.ts'
import { demonstrationSequence, type MethodContext, type MethodStep, type TrainingMethod } from './method.ts'

/** Learns from the spec's demonstrations. */
export function createSftMethod(context: MethodContext, settings: { readonly batchSize: number }): TrainingMethod {
  const demonstrations = context.spec.examples.filter((example) => example.type === 'demonstration')
  const sequences = demonstrations.map((example) => demonstrationSequence(context, example))
  const order = new BatchOrder({ count: sequences.length, batchSize: settings.batchSize, seed: context.spec.seeds.order, label: 'sft' })
  return {
    step: async (step) => {
      const indices = order.batch(step)
      const batch = indices.map((index) => sequences[index] as TokenSequence)
      const cases = indices.flatMap((index) => demonstrations[index] ?? [])
      return { ...(await learnDemonstrations(context.engine, context.weights, batch)), ...NO_SAMPLES, cases }
    },
  }
}

/** What a step without sampling reports about samples. */
const NO_SAMPLES = { meanReward: null, zeroVarianceShare: null, meanLength: null, rollouts: [] } as const

/** Adds the gradient of the mean negative log-likelihood of these completions. */
export async function learnDemonstrations(
  engine: Engine,
  weights: WeightsId,
  sequences: readonly TokenSequence[],
): Promise<Pick<MethodStep, 'updated' | 'loss' | 'trainedTokens'>> {
  if (sequences.length === 0) return { updated: false, loss: null, trainedTokens: 0 }
  const lengths = sequences.map((sequence) => sequence.ids.length - sequence.promptLength)
  const result = await engine.backward({ weights, sequences, gradients: { logProb: sftGradients(lengths) } })
  return { updated: true, loss: sft(result.logProb).loss, trainedTokens: lengths.reduce((sum, length) => sum + length, 0) }
}
