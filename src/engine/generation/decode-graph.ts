/**
 * @file The graphs of generation: new tokens of a batch of rows, attending to a cache of keys and values that is fed. They give the keys and values
 * of the new tokens, and choose the next token of every row. They know nothing of requests, streams or stop tokens.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { llamaHidden, llamaLogits, type LlamaGraph } from '../architecture/llama.ts'
import type { LoraInputs, WeightSource } from '../architecture/weight-source.ts'
import { cast, exp, mul } from '../graph/elementwise.ts'
import { dropUnused } from '../graph/drop-unused.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { gather, gatherElements, topK } from '../graph/indexing.ts'
import { concat, reshape, slice } from '../graph/movement.ts'
import { logSoftmax } from '../graph/reduction.ts'
import { drawToken } from './draw-token.ts'
import { manyTokenAttention, oneTokenAttention, ROWS, TOKENS, type CachedAttention } from './cached-attention.ts'

/**
 * What a graph is for: `prefill` gives keys and values of whole prompts only, `decode` takes one new token a row, `both` serves both, less fast,
 * for weights that are too large to be held twice.
 */
export type DecodePurpose = 'prefill' | 'decode' | 'both'

/** What the graph is made of; weights and LoRA belong to `graph`. */
export interface DecodeGraphParts {
  readonly graph: Graph
  readonly config: LlamaConfig
  readonly weights: WeightSource
  readonly lora?: LoraInputs
  readonly purpose: DecodePurpose
}

/**
 * Adds everything to `parts.graph`. T is 1 in a graph for decoding.
 *
 * Inputs beside weights: `ids` int32[B, T], `positions` int64[B, T]; `mask` f32[B, 1, T, P+T] ([B, 1, 1, T, P+T] where T may be more than 1),
 * added to attention scores; `pastKey.L`, `pastValue.L` f32[B, heads, P, headDim]; and to choose tokens `inverseTemperature` f32[],
 * `drawnRows` int32[D] and `uniform` f32[D, 1], `candidateCount` int64[1]. D and the count may be 0: then that choice costs nothing.
 *
 * Outputs: `newKeyValues` f32[2 · layers · B, heads, T, headDim]; for the last token of each of `drawnRows` `sampledId` f32[D, 1] and its
 * `sampledLogProb` over the whole vocabulary; for that of every row the most probable tokens in falling order, `candidateIds` int64 and
 * `candidateLogProbs`, [B, candidateCount].
 */
export function buildDecodeGraph({ graph, config, weights, lora, purpose }: DecodeGraphParts): void {
  const isOne = purpose === 'decode'
  const rows = isOne ? ROWS : `${ROWS}*${TOKENS}`
  const ids = graph.input('ids', 'int32', [ROWS, isOne ? 1 : TOKENS])
  const positions = graph.input('positions', 'int64', [ROWS, isOne ? 1 : TOKENS])
  const cached: CachedAttention = isOne ? oneTokenAttention(graph, config) : manyTokenAttention(graph, config)
  const model: LlamaGraph = {
    config,
    weights,
    maxPositions: config.maxPositions,
    queryScale: 1 / Math.sqrt(config.headDim),
    fusesResidual: true,
    attention: cached.attention,
    ...(cached.rotate ? { rotate: cached.rotate } : {}),
    ...(lora ? { lora } : {}),
  }
  const hidden = llamaHidden(model, { ids: reshape(ids, [rows]), positions: reshape(positions, [rows, 1]) })
  graph.output('newKeyValues', concat(cached.newKeyValues, 0))
  if (purpose !== 'prefill') chooseTokens(graph, llamaLogits(model, isOne ? hidden : lastOfEachRow(hidden, config)))
  dropUnused(graph)
}

function lastOfEachRow(hidden: Value, { hiddenSize }: LlamaConfig): Value {
  return reshape(slice(reshape(hidden, [ROWS, TOKENS, hiddenSize]), { axis: 1, start: -1 }), [ROWS, hiddenSize])
}

function chooseTokens(graph: Graph, logits: Value): void {
  const inverseTemperature = graph.input('inverseTemperature', 'float32', [])
  const uniform = graph.input('uniform', 'float32', ['D', 1])
  const logProbs = logSoftmax(mul(logits, inverseTemperature))
  const drawn = gather(logProbs, graph.input('drawnRows', 'int32', ['D']))
  const sampled = drawToken(exp(drawn), uniform)
  const candidates = topK(logProbs, graph.input('candidateCount', 'int64', [1]))
  graph.output('sampledId', sampled)
  graph.output('sampledLogProb', gatherElements(drawn, cast(sampled, 'int64')))
  graph.output('candidateIds', candidates.indices)
  graph.output('candidateLogProbs', candidates.values)
}
