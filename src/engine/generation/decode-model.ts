/**
 * @file One run of the decode graph: plain arrays in, new keys and values and chosen tokens out. It names the graph's inputs so that nothing else has to.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import type { Feeds, PlainTensor, Session } from '../session.ts'
import type { KeyValueBlock, KeyValueCache } from './key-value-cache.ts'
import { KeyValueCache as Cache } from './key-value-cache.ts'

/** A loaded decode graph with the weights that each run feeds to it. */
export interface DecodeModel {
  readonly config: LlamaConfig
  readonly stopIds: readonly number[]
  readonly session: Session
  /** LoRA matrices and their scale; empty for a graph without LoRA. */
  readonly weightFeeds: Feeds
}

/** New tokens of every row of a cache, `tokenCount` each. */
export interface DecodeInput {
  /** int32[rows · tokenCount] */
  readonly ids: Int32Array
  readonly tokenCount: number
  readonly inverseTemperature: number
  /** Uniform numbers, f32[rows]; `null`: no token is drawn from the whole vocabulary. */
  readonly uniform: Float32Array | null
  /** How many of the most probable tokens are wanted, 0 or more. */
  readonly candidateCount: number
}

/** What the graph chose for every row: drawn from the whole vocabulary, or the most probable tokens to choose among; the other is empty. */
export interface DecodeChoice {
  readonly sampledIds: Float32Array
  readonly sampledLogProbs: Float32Array
  /** [rows, candidateCount] */
  readonly candidateIds: BigInt64Array
  readonly candidateLogProbs: Float32Array
}

/** Added to the scores of positions that hold no token: their share of attention becomes exactly 0. */
const MASKED = -1e9

/** Runs one new token for each row of `cache`, which must have room for it. */
export async function runDecode(
  model: DecodeModel,
  cache: KeyValueCache,
  input: DecodeInput,
): Promise<{ readonly block: KeyValueBlock; readonly choice: DecodeChoice }> {
  const result = await model.session.run({
    ...tokenFeeds(model, cache, input),
    ...choiceFeeds(input),
    mask: decodeMask(cache),
  })
  const floats = (name: string): Float32Array => (result[name] as PlainTensor).data as Float32Array
  return {
    block: { data: floats('newKeyValues'), rowCount: cache.rowCount, tokenCount: input.tokenCount },
    choice: {
      sampledIds: floats('sampledId'),
      sampledLogProbs: floats('sampledLogProb'),
      candidateIds: (result['candidateIds'] as PlainTensor).data as BigInt64Array,
      candidateLogProbs: floats('candidateLogProbs'),
    },
  }
}

/** Keys and values of `rowCount` sequences from their first token on; shorter ones are padded on the right and their padding is rubbish. */
export async function runPrefill(model: DecodeModel, ids: Int32Array, rowCount: number): Promise<KeyValueBlock> {
  const { layerCount, kvHeadCount: headCount, headDim: headSize } = model.config
  const empty = new Cache({ layerCount, headCount, headSize }, rowCount)
  if (!model.session.allowsEmptyProducts) empty.reserve(1)
  const tokenCount = ids.length / rowCount
  const feeds = { ...tokenFeeds(model, empty, { ids, tokenCount }), mask: causalMask(empty, tokenCount) }
  const unchosen = { inverseTemperature: 1, uniform: null, candidateCount: 0 }
  const result = await model.session.run({ ...feeds, ...choiceFeeds(unchosen) }, ['newKeyValues'])
  return { data: (result['newKeyValues'] as PlainTensor).data as Float32Array, rowCount, tokenCount }
}

type NewTokens = Pick<DecodeInput, 'ids' | 'tokenCount'>

function tokenFeeds(model: DecodeModel, cache: KeyValueCache, { ids, tokenCount: tokens }: NewTokens): Record<string, PlainTensor> {
  const { rowCount: rows, lengths } = cache
  const positions = new BigInt64Array(rows * tokens)
  for (let i = 0; i < positions.length; i++) positions[i] = BigInt((lengths[Math.floor(i / tokens)] as number) + (i % tokens))
  return {
    ...model.weightFeeds,
    ...cache.feeds(),
    ids: { type: 'int32', dims: [rows, tokens], data: ids },
    positions: { type: 'int64', dims: [rows, tokens], data: positions },
  }
}

function choiceFeeds({
  inverseTemperature,
  uniform,
  candidateCount,
}: Omit<DecodeInput, 'ids' | 'tokenCount'>): Record<string, PlainTensor> {
  const drawn = uniform ?? new Float32Array(0)
  return {
    inverseTemperature: { type: 'float32', dims: [], data: Float32Array.of(inverseTemperature) },
    uniform: { type: 'float32', dims: [drawn.length, 1], data: drawn },
    drawnRows: { type: 'int32', dims: [drawn.length], data: Int32Array.from(drawn, (_, row) => row) },
    candidateCount: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(candidateCount)) },
  }
}

function decodeMask({ rowCount, lengths, capacity }: KeyValueCache): PlainTensor {
  const width = capacity + 1
  const data = new Float32Array(rowCount * width)
  for (let row = 0; row < rowCount; row++) data.fill(MASKED, row * width + (lengths[row] as number), (row + 1) * width - 1)
  return { type: 'float32', dims: [rowCount, 1, 1, 1, width], data }
}

/** Tokens see themselves and what came before them, and nothing of the cache, which holds no tokens yet. */
function causalMask({ rowCount, capacity }: KeyValueCache, tokenCount: number): PlainTensor {
  const width = capacity + tokenCount
  const square = tokenCount * width
  const data = new Float32Array(rowCount * square)
  for (let token = 0; token < tokenCount; token++) {
    data.fill(MASKED, token * width, token * width + capacity)
    data.fill(MASKED, token * width + capacity + token + 1, (token + 1) * width)
  }
  for (let row = 1; row < rowCount; row++) data.copyWithin(row * square, 0, square)
  return { type: 'float32', dims: [rowCount, 1, 1, tokenCount, width], data }
}
