/**
 * @file Log-probabilities, entropies and divergences of given completion tokens: hidden states first, then the output head in pieces.
 */
import { headWeight } from '../architecture/llama-config.ts'
import type { ScoreOutput, ScoreResult, TokenSequence } from '../engine.ts'
import type { Feeds, PlainTensor } from '../session.ts'
import { microBatches } from './backward.ts'
import { type BatchFeeds, HEAD_INPUTS, batchFeeds, float32, int32 } from './batch-feeds.ts'
import { REFERENCE_HEAD } from './training-graphs.ts'
import { type TrainingModel, type TrainingSessions, isFull } from './training-sessions.ts'
import { type TrainedTensor, type WeightSet, weightFeeds } from './weight-set.ts'

export interface ScoreCall {
  readonly weights: WeightSet | null
  readonly reference: WeightSet | null
  readonly sequences: readonly TokenSequence[]
  readonly outputs: readonly ScoreOutput[]
  readonly temperature: number
}

/** Values of the vocabulary's width that the output head may hold at once. */
const HEAD_VALUES = 2 ** 26

/** For each wanted output, for each sequence, f32[ids.length - promptLength]. */
export async function score(model: TrainingModel, sessions: TrainingSessions, call: ScoreCall): Promise<ScoreResult> {
  const weighted = call.sequences.map((sequence) => ({
    ...sequence,
    weights: new Float32Array(sequence.ids.length - sequence.promptLength).fill(1),
  }))
  const result = Object.fromEntries(call.outputs.map((output) => [output, weighted.map(({ weights }) => new Float32Array(weights.length))]))
  for (const batch of microBatches(model, weighted)) {
    const feeds = batchFeeds(batch, weighted)
    const rows = await headRows(model, sessions, { ...call, feeds })
    for (const output of call.outputs) {
      const found = result[output] as readonly Float32Array[]
      feeds.origins.forEach(({ sequence, index }, i) => ((found[sequence] as Float32Array)[index] = rows[output]?.[i] as number))
    }
  }
  return result
}

interface BatchCall extends ScoreCall {
  readonly feeds: BatchFeeds
}

/** The wanted outputs of every head row of one micro-batch. */
async function headRows(model: TrainingModel, sessions: TrainingSessions, call: BatchCall): Promise<Record<string, Float32Array>> {
  const { feeds, outputs } = call
  const count = feeds.targets.dims[0] as number
  const hidden = await hiddenStates(sessions, call.weights, feeds)
  const reference = outputs.includes('klFrom') ? await hiddenStates(sessions, call.reference, feeds) : undefined
  const found = Object.fromEntries(outputs.map((output) => [output, new Float32Array(count)]))
  const isInput = isFull(call.weights) || (reference !== undefined && isFull(call.reference))
  const session = await sessions.head(isInput ? (isFull(call.weights) ? call.weights : call.reference) : null, outputs)
  const step = Math.max(32, Math.floor(HEAD_VALUES / model.config.vocabSize))
  for (let start = 0; start < count; start += step) {
    const end = Math.min(count, start + step)
    const results = await session.run({
      hidden: rowsOf(hidden, start, end),
      ...(reference ? { referenceHidden: rowsOf(reference, start, end) } : {}),
      [HEAD_INPUTS.targets]: int32([end - start], (feeds.targets.data as Int32Array).subarray(start, end)),
      [HEAD_INPUTS.inverseTemperature]: float32([], Float32Array.of(1 / call.temperature)),
      ...(isInput ? headTables(model, call, reference !== undefined) : {}),
    })
    for (const output of outputs) (found[output] as Float32Array).set(results[output]?.data as Float32Array, start)
  }
  return found
}

/** Normalised hidden states of the chosen rows of a micro-batch: f32[rows, hiddenSize]. */
export async function hiddenStates(sessions: TrainingSessions, weights: WeightSet | null, feeds: BatchFeeds): Promise<PlainTensor> {
  const session = await sessions.hidden(weights)
  const results = await session.run({ ...feeds.tokens, [HEAD_INPUTS.rows]: feeds.rows, ...(weights ? weightFeeds(weights) : {}) })
  return results['hidden'] as PlainTensor
}

function rowsOf({ data, dims }: PlainTensor, start: number, end: number): PlainTensor {
  const width = dims[1] as number
  return float32([end - start, width], (data as Float32Array).subarray(start * width, end * width))
}

/** The output heads as inputs, where one of the two weight sets trains its own. */
function headTables(model: TrainingModel, call: ScoreCall, hasReference: boolean): Feeds {
  const name = headWeight(model.config)
  const table = (weights: WeightSet | null): PlainTensor => {
    const tensor = isFull(weights) ? (weights.tensors.get(name) as TrainedTensor) : { shape: [0], data: model.read(name) }
    return float32([model.config.vocabSize, model.config.hiddenSize], tensor.data)
  }
  return { [name]: table(call.weights), ...(hasReference ? { [REFERENCE_HEAD]: table(call.reference) } : {}) }
}
