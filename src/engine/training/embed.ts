/**
 * @file One vector for a text: the mean of its tokens' hidden states after the last norm, by the graph that scoring uses. What the vectors mean, it does
 * not know.
 */
import type { TokenSequence } from '../engine.ts'
import { microBatches } from './backward.ts'
import { batchFeeds } from './batch-feeds.ts'
import { hiddenStates } from './score.ts'
import type { TrainingModel, TrainingSessions } from './training-sessions.ts'
import type { WeightSet } from './weight-set.ts'

export interface EmbedCall {
  readonly weights: WeightSet | null
  /** As `withLastTokenSeen` makes them. */
  readonly sequences: readonly TokenSequence[]
}

/** The graph gives the rows that predict a token: with one token more, which no row before it sees, every token of the text is one of them. */
export function withLastTokenSeen(ids: Int32Array): TokenSequence {
  const longer = new Int32Array(ids.length + 1)
  longer.set(ids)
  return { ids: longer, promptLength: 1 }
}

/** f32[hiddenSize] for each sequence. Sums are taken in double precision, in the order of the tokens. */
export async function embed(model: TrainingModel, sessions: TrainingSessions, call: EmbedCall): Promise<readonly Float32Array[]> {
  const { hiddenSize } = model.config
  const weighted = call.sequences.map((sequence) => ({ ...sequence, weights: new Float32Array(sequence.ids.length - 1).fill(1) }))
  const sums = weighted.map(() => new Float64Array(hiddenSize))
  for (const batch of microBatches(model, weighted)) {
    const feeds = batchFeeds(batch, weighted)
    const hidden = (await hiddenStates(sessions, call.weights, feeds)).data as Float32Array
    for (const [row, { sequence }] of feeds.origins.entries()) {
      const sum = sums[sequence] as Float64Array
      for (let i = 0; i < hiddenSize; i++) sum[i] = (sum[i] as number) + (hidden[row * hiddenSize + i] as number)
    }
  }
  return sums.map((sum, i) => Float32Array.from(sum, (value) => value / (weighted[i] as { weights: Float32Array }).weights.length))
}
