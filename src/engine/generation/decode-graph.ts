/**
 * @file The graph of generation: new tokens of a batch of rows, attending to a cache of keys and values that is fed. It gives the keys and values
 * of the new tokens, and chooses the next token of every row. One graph serves
 * decoding (one new token a row) and prefill (a whole prompt a row). It knows nothing of requests, streams or stop tokens.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { llamaHidden, llamaLogits, type LlamaGraph } from '../architecture/llama.ts'
import type { LoraInputs, WeightSource } from '../architecture/weight-source.ts'
import { cast, exp, mul } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Value } from '../graph/value.ts'
import { gather, gatherElements, topK } from '../graph/indexing.ts'
import { concat, reshape, slice } from '../graph/movement.ts'
import { logSoftmax } from '../graph/reduction.ts'
import { drawToken } from './draw-token.ts'
import { cachedAttention, ROWS, TOKENS } from './cached-attention.ts'

/** What the graph is made of; weights and LoRA belong to `graph`. */
export interface DecodeGraphParts {
  readonly graph: Graph
  readonly config: LlamaConfig
  readonly weights: WeightSource
  readonly lora?: LoraInputs
}

/**
 * Adds everything to `parts.graph`.
 *
 * Inputs beside weights: `ids` int32[B, T], `positions` int64[B, T]; `mask` f32[B, 1, 1, T, P+T],
 * added to attention scores; `pastKey.L`, `pastValue.L` f32[B, heads, P, headDim]; and to choose tokens `inverseTemperature` f32[],
 * `drawnRows` int32[D] and `uniform` f32[D, 1], `candidateCount` int64[1]. D and the count may be 0: then that choice costs nothing.
 *
 * Outputs: `newKeyValues` f32[2 · layers · B, heads, T, headDim]; for the last token of each of `drawnRows` `sampledId` f32[D, 1] and its
 * `sampledLogProb` over the whole vocabulary; for that of every row the most probable tokens in falling order, `candidateIds` int64 and
 * `candidateLogProbs`, [B, candidateCount].
 */
export function buildDecodeGraph({ graph, config, weights, lora }: DecodeGraphParts): void {
  const rows = `${ROWS}*${TOKENS}`
  const ids = graph.input('ids', 'int32', [ROWS, TOKENS])
  const positions = graph.input('positions', 'int64', [ROWS, TOKENS])
  const newKeyValues: Value[] = []
  const model: LlamaGraph = {
    config,
    weights,
    maxPositions: config.maxPositions,
    queryScale: 1 / Math.sqrt(config.headDim),
    fusesResidual: true,
    attention: cachedAttention({ graph, config, newKeyValues }),
    ...(lora ? { lora } : {}),
  }
  const hidden = llamaHidden(model, { ids: reshape(ids, [rows]), positions: reshape(positions, [rows, 1]) })
  graph.output('newKeyValues', concat(newKeyValues, 0))
  chooseTokens(graph, llamaLogits(model, lastOfEachRow(hidden, config)))
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
