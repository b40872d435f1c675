/**
 * @file The gradient of Σ weight · logProb over the completion tokens of a request, added to what a weight set has collected.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import type { TokenSequence } from '../engine.ts'
import type { Feeds } from '../session.ts'
import { HEAD_INPUTS, batchFeeds, float32 } from './batch-feeds.ts'
import { type MicroBatch, SHARED_ROW_TOKENS, type WeightedSequence, packSequences } from './packing.ts'
import { gradientName } from './training-graphs.ts'
import type { TrainingModel, TrainingSessions } from './training-sessions.ts'
import { type WeightSet, collectGradient, weightFeeds } from './weight-set.ts'

/** Memory for the intermediate values of one forward and backward pass. */
const BUDGET_BYTES = 2 ** 31
/** More tokens at once are too many for the processor's caches. */
const MOST_TOKENS = 2048

export interface BackwardCall {
  readonly weights: WeightSet
  readonly sequences: readonly TokenSequence[]
  /** ∂L/∂logProb of each completion token. */
  readonly gradients: readonly Float32Array[]
  readonly temperature: number
}

/** Log-probabilities where the weight was not zero, 0 elsewhere: f32[ids.length - promptLength] for each sequence. */
export async function backward(model: TrainingModel, sessions: TrainingSessions, call: BackwardCall): Promise<readonly Float32Array[]> {
  const weighted = call.sequences.map((sequence, i) => ({ ...sequence, weights: call.gradients[i] as Float32Array }))
  const logProb = weighted.map(({ weights }) => new Float32Array(weights.length))
  const session = await sessions.backward(call.weights)
  for (const batch of microBatches(model, weighted)) {
    const feeds = batchFeeds(batch, weighted)
    const results = await session.run({ ...weightFeeds(call.weights), ...headFeeds(feeds, call.temperature), ...feeds.tokens })
    for (const name of call.weights.tensors.keys()) {
      collectGradient(call.weights, name, results[gradientName(name)]?.data as Float32Array)
    }
    const found = results['logProb']?.data as Float32Array
    feeds.origins.forEach(({ sequence, index }, i) => ((logProb[sequence] as Float32Array)[index] = found[i] as number))
  }
  return logProb
}

/** The request in pieces that fit the memory. */
export function microBatches(model: TrainingModel, sequences: readonly WeightedSequence[]): readonly MicroBatch[] {
  const longest = sequences.reduce((most, { ids }) => Math.max(most, ids.length), SHARED_ROW_TOKENS)
  return packSequences(sequences, tokensPerMicroBatch(model.config, longest))
}

function headFeeds(feeds: ReturnType<typeof batchFeeds>, temperature: number): Feeds {
  return {
    [HEAD_INPUTS.rows]: feeds.rows,
    [HEAD_INPUTS.inverse]: feeds.inverse,
    [HEAD_INPUTS.targets]: feeds.targets,
    [HEAD_INPUTS.weights]: feeds.weights,
    [HEAD_INPUTS.inverseTemperature]: float32([], Float32Array.of(1 / temperature)),
  }
}

/** A rough count of float32 values that one token keeps alive during the backward pass, at rows of `rowLength` tokens. */
function valuesPerToken(config: LlamaConfig, rowLength: number): number {
  const layer = 7 * config.hiddenSize + 4 * config.intermediateSize + config.headCount * rowLength + 2 * config.headCount * config.headDim
  return config.layerCount * layer + 2 * config.vocabSize
}

/** Tokens of one micro-batch whose longest sequence has `rowLength` tokens. */
function tokensPerMicroBatch(config: LlamaConfig, rowLength: number): number {
  return Math.min(MOST_TOKENS, Math.max(rowLength, Math.floor(BUDGET_BYTES / (4 * valuesPerToken(config, rowLength)))))
}
