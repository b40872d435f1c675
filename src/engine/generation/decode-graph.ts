/**
 * @file The graph of generation: new tokens of a batch of rows, attending to a cache of keys and values that is fed. It gives the keys and values
 * of the new tokens, and chooses the next token of every row. One graph serves decoding (one new token a row) and prefill (a whole prompt a row).
 * It knows nothing of requests, streams or stop tokens.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { llamaHidden, llamaLogits } from '../architecture/llama.ts'
import type { AttentionCore, LlamaGraph } from '../architecture/llama.ts'
import type { LoraInputs, WeightSource } from '../architecture/weight-source.ts'
import { add, cast, exp, lessOrEqual, mul } from '../graph/elementwise.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { gatherElements, topK } from '../graph/indexing.ts'
import { fusedMatmul, matmul } from '../graph/matrix.ts'
import { concat, reshape, slice, transpose } from '../graph/movement.ts'
import { cumSum, logSoftmax, reduceSum, softmax } from '../graph/reduction.ts'
import { pastName } from './key-value-cache.ts'

/** Batch rows, new tokens of each row, past tokens of each row. */
const [ROWS, TOKENS, PAST] = ['B', 'T', 'P']

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
 * Inputs beside weights: `ids`, `positions` int32[B, T]; `mask` f32[B, 1, 1, T, P+T], added to attention scores; `pastKey.L`, `pastValue.L`
 * f32[B, heads, P, headDim]; `inverseTemperature` f32[]; `uniform` f32[B, 1]; `candidateCount` int64[1].
 *
 * Outputs: `newKeyValues` f32[2 · layers · B, heads, T, headDim]; for the last token of every row `sampledId` f32[B, 1] and its `sampledLogProb` over
 * the whole vocabulary, and the most probable tokens in falling order, `candidateIds` int64 and `candidateLogProbs`, [B, candidateCount].
 */
export function buildDecodeGraph(parts: DecodeGraphParts): void {
  const { graph, config, weights, lora } = parts
  const ids = graph.input('ids', 'int32', [ROWS, TOKENS])
  const positions = graph.input('positions', 'int32', [ROWS, TOKENS])
  const newKeyValues: Value[] = []
  const attention = cachedAttention({ graph, config, newKeyValues })
  const model: LlamaGraph = { config, weights, attention, maxPositions: config.maxPositions, ...(lora ? { lora } : {}) }
  const rows = `${ROWS}*${TOKENS}`
  const hidden = llamaHidden(model, { ids: reshape(ids, [rows]), positions: reshape(positions, [rows]) })
  const last = slice(reshape(hidden, [ROWS, TOKENS, config.hiddenSize]), { axis: 1, start: -1 })
  graph.output('newKeyValues', concat(newKeyValues, 0))
  chooseTokens(graph, llamaLogits(model, reshape(last, [ROWS, config.hiddenSize])))
}

/**
 * Attention of new tokens to the fed past and to each other, from plain operators: a fused operator would copy the whole past into its output.
 * Query heads of one key head lie together, so that grouped-query attention needs no repetition.
 */
function cachedAttention({ graph, config, newKeyValues }: { graph: Graph; config: LlamaConfig; newKeyValues: Value[] }): AttentionCore {
  const { kvHeadCount: heads, headDim } = config
  const group = config.headCount / heads
  const mask = graph.input('mask', 'float32', [ROWS, 1, 1, TOKENS, `${PAST}+${TOKENS}`])
  const past = (plane: number): Value => graph.input(pastName(plane), 'float32', [ROWS, heads, PAST, headDim])
  const scaled = { transB: true, alpha: 1 / Math.sqrt(headDim) }
  return ({ query, key, value, layer }) => {
    const [pastKey, pastValue] = [past(2 * layer), past(2 * layer + 1)]
    const perHead = (x: Value): Value => transpose(reshape(x, [ROWS, TOKENS, heads, headDim]), [0, 2, 1, 3])
    const [newKey, newValue] = [perHead(key), perHead(value)]
    newKeyValues.push(newKey, newValue)
    const grouped = transpose(reshape(query, [ROWS, TOKENS, heads, group, headDim]), [0, 2, 3, 1, 4])
    const queries = reshape(grouped, [ROWS, heads, `${group}*${TOKENS}`, headDim])
    const scores = concat([fusedMatmul(queries, pastKey, scaled), fusedMatmul(queries, newKey, scaled)], 3)
    const width = `${PAST}+${TOKENS}`
    const masked = add(reshape(scores, [ROWS, heads, group, TOKENS, width]), mask)
    const shares = reshape(softmax(masked), [ROWS, heads, `${group}*${TOKENS}`, width])
    const mixed = add(matmul(slice(shares, { axis: 3, end: PAST }), pastValue), matmul(slice(shares, { axis: 3, start: PAST }), newValue))
    const perToken = transpose(reshape(mixed, [ROWS, heads, group, TOKENS, headDim]), [0, 3, 1, 2, 4])
    return reshape(perToken, [`${ROWS}*${TOKENS}`, config.headCount * headDim])
  }
}

/**
 * Draws by inverting the cumulative distribution: the chosen token is the first whose cumulative probability exceeds uniform · total. The total
 * is the last cumulative sum itself, so rounding can never choose a token beyond the vocabulary.
 */
function chooseTokens(graph: Graph, logits: Value): void {
  const inverseTemperature = graph.input('inverseTemperature', 'float32', [])
  const uniform = graph.input('uniform', 'float32', [ROWS, 1])
  const logProbs = logSoftmax(mul(logits, inverseTemperature))
  const cumulative = cumSum(exp(logProbs))
  const threshold = mul(uniform, slice(cumulative, { axis: 1, start: -1 }))
  const sampled = reduceSum(cast(lessOrEqual(cumulative, threshold), 'float32'), { axes: [1] })
  const candidates = topK(logProbs, graph.input('candidateCount', 'int64', [1]))
  graph.output('sampledId', sampled)
  graph.output('sampledLogProb', gatherElements(logProbs, cast(sampled, 'int64')))
  graph.output('candidateIds', candidates.indices)
  graph.output('candidateLogProbs', candidates.values)
}
