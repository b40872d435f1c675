/**
 * @file Steps on pairs of a chosen and a rejected answer: both are scored, the method's gradient is taken of their log-probabilities, and a second pass
 * learns it. What people gave is learned; pairs from samples are the trl trainer's.
 */
import type { TokenSequence, WeightsId } from '../../engine/engine.ts'
import type { PreferenceSettings } from '../../method/data-form.ts'
import type { PairBatch, PairGradient } from '../../method/method-card.ts'
import { BatchOrder } from '../batch-order.ts'
import { demonstrationSequence, NO_SAMPLES, type Stepper, type StepperContext } from './stepper.ts'

/** What the method says of pairs. `reference` is null where it needs none. */
export interface PairLearning {
  readonly gradient: (batch: PairBatch) => PairGradient
  readonly reference: { readonly weights: WeightsId | null } | null
}

/** Learns from the spec's pairs. */
export function createPairsStepper(
  context: StepperContext,
  { name: label, batchSize }: PreferenceSettings,
  learning: PairLearning,
): Stepper {
  const { engine, weights, spec } = context
  const pairs = spec.examples.filter((example) => example.type === 'pair')
  const sequences = pairs.map((pair) => ({
    chosen: demonstrationSequence(context, { ...pair, completion: pair.chosen }),
    rejected: demonstrationSequence(context, { ...pair, completion: pair.rejected }),
  }))
  const order = new BatchOrder({ count: pairs.length, batchSize, seed: spec.seeds.order, label })
  return {
    step: async (step) => {
      const indices = order.batch(step)
      const batch = indices.map((index) => sequences[index] as (typeof sequences)[number])
      if (batch.length === 0) return { updated: false, loss: null, trainedTokens: 0, ...NO_SAMPLES, cases: [] }
      // Chosen answers first: one pass scores all of them.
      const rows = [...batch.map(({ chosen }) => chosen), ...batch.map(({ rejected }) => rejected)]
      const policy = halves(await scored(context, weights, rows))
      const reference = learning.reference === null ? null : halves(await scored(context, learning.reference.weights, rows))
      const { loss, chosen, rejected } = learning.gradient({
        ...policy,
        ...(reference === null ? {} : { referenceChosen: reference.chosen, referenceRejected: reference.rejected }),
      })
      await engine.backward({ weights, sequences: rows, gradients: { logProb: [...chosen, ...rejected] } })
      const trainedTokens = rows.reduce((sum, { ids, promptLength }) => sum + ids.length - promptLength, 0)
      const cases = indices.flatMap((index) => pairs[index] ?? [])
      return { updated: true, loss, trainedTokens, ...NO_SAMPLES, cases }
    },
  }
}

async function scored(
  { engine }: StepperContext,
  weights: WeightsId | null,
  sequences: readonly TokenSequence[],
): Promise<readonly Float32Array[]> {
  return (await engine.score({ weights, sequences, outputs: ['logProb'] })).logProb ?? []
}

function halves(rows: readonly Float32Array[]): Pick<PairBatch, 'chosen' | 'rejected'> {
  const half = rows.length / 2
  return { chosen: rows.slice(0, half), rejected: rows.slice(half) }
}
