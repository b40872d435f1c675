/**
 * @file How one token is chosen for one row, from what the graph computed for it. The uniform number comes from the row's own stream, so a
 * completion does not depend on what else is in its batch. It knows nothing of batches.
 */
import { seededRandom } from '../../base/seeded-random.ts'
import type { SeededRandom } from '../../base/seeded-random.ts'
import type { TokenSampling } from '../engine.ts'

/** A nucleus (top-p) is looked for among this many most probable tokens. */
const NUCLEUS_CANDIDATES = 256

/** Resolution of a uniform number, 2^-24: below 1 in 32-bit floats, and a product with a total stays below the total. */
const UNIFORM_STEPS = 16_777_216

/** The stream of one completion. */
export function rowStream(seed: number): SeededRandom {
  return seededRandom(seed, 'tokens')
}

/** The next uniform number of a stream in [0, 1), exact in a 32-bit float. */
export function nextUniform(stream: SeededRandom): number {
  return Math.floor(stream.next() * UNIFORM_STEPS) / UNIFORM_STEPS
}

/** How many of the most probable tokens the choice needs from the graph: 1 for greedy choice, 0 where the whole vocabulary is sampled. */
export function candidateCount(sampling: TokenSampling, vocabSize: number): number {
  if (sampling.temperature === 0) return 1
  if (!isTruncated(sampling)) return 0
  return Math.min(vocabSize, sampling.topK > 0 ? sampling.topK : NUCLEUS_CANDIDATES)
}

/** Whether top-k or top-p leaves tokens out, so that the choice is made among candidates instead of in the graph. */
export function isTruncated(sampling: TokenSampling): boolean {
  return sampling.temperature > 0 && (sampling.topK > 0 || sampling.topP < 1)
}

/**
 * The index of the candidate that `uniform` chooses: top-k has made the candidates, top-p keeps the fewest most probable ones that hold its share.
 * As in transformers, that share is counted in what top-k left.
 * @param logProbs of the candidates in falling order, at the sampling temperature
 */
export function chooseCandidate(logProbs: Float32Array, sampling: TokenSampling, uniform: number): number {
  const probabilities = Array.from(logProbs, Math.exp)
  const total = sampling.topK > 0 ? probabilities.reduce((sum, one) => sum + one, 0) : 1
  const wanted = sampling.topP < 1 ? sampling.topP * total : Infinity
  let kept = 0
  let mass = 0
  while (kept < probabilities.length && (kept === 0 || mass < wanted)) mass += probabilities[kept++] as number
  let below = 0
  for (let index = 0; index < kept - 1; index++) {
    below += probabilities[index] as number
    if (below > uniform * mass) return index
  }
  return kept - 1
}
