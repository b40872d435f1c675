/**
 * @file Attention of new tokens to a fed past and to each other, from plain operators: a fused operator would copy the whole past into its output.
 * Queries come scaled. Query heads of one key head lie together, so that grouped-query attention needs no repetition.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import type { AttentionCore } from '../architecture/llama.ts'
import { add } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Value } from '../graph/value.ts'
import { fusedMatmul, matmul } from '../graph/matrix.ts'
import { concat, reshape, slice, transpose } from '../graph/movement.ts'
import { softmax } from '../graph/reduction.ts'
import { pastName } from './key-value-cache.ts'

/** Names of dimensions: batch rows, new tokens of each row. */
export const ROWS = 'B'
export const TOKENS = 'T'

/** Past tokens of each row, and with the new ones. */
const PAST = 'P'

export interface CachedAttentionParts {
  readonly graph: Graph
  readonly config: LlamaConfig
  /** Receives the new keys and values of each layer, f32[B, heads, T, headDim]. */
  readonly newKeyValues: Value[]
}

/** Declares the inputs `mask` and `pastKey.L`, `pastValue.L`. */
export function cachedAttention({ graph, config, newKeyValues }: CachedAttentionParts): AttentionCore {
  const { kvHeadCount: heads, headCount, headDim } = config
  const group = headCount / heads
  const width = `${PAST}+${TOKENS}`
  const mask = graph.input('mask', 'float32', [ROWS, 1, 1, TOKENS, width])
  const perHead = (x: Value): Value => transpose(reshape(x, [ROWS, TOKENS, heads, headDim]), [0, 2, 1, 3])
  return ({ query, key, value, layer }) => {
    const [newKey, newValue] = [perHead(key), perHead(value)]
    newKeyValues.push(newKey, newValue)
    const past = pastOf(graph, layer, [ROWS, heads, PAST, headDim])
    const grouped = transpose(reshape(query, [ROWS, TOKENS, heads, group, headDim]), [0, 2, 3, 1, 4])
    const queries = reshape(grouped, [ROWS, heads, `${group}*${TOKENS}`, headDim])
    const scores = concat([fusedMatmul(queries, past.key, { transB: true }), fusedMatmul(queries, newKey, { transB: true })], 3)
    const masked = add(reshape(scores, [ROWS, heads, group, TOKENS, width]), mask)
    const shares = reshape(softmax(masked), [ROWS, heads, `${group}*${TOKENS}`, width])
    const mixed = add(matmul(slice(shares, { axis: 3, end: PAST }), past.value), matmul(slice(shares, { axis: 3, start: PAST }), newValue))
    const perToken = transpose(reshape(mixed, [ROWS, heads, group, TOKENS, headDim]), [0, 3, 1, 2, 4])
    return reshape(perToken, [`${ROWS}*${TOKENS}`, headCount * headDim])
  }
}

function pastOf(graph: Graph, layer: number, shape: readonly (string | number)[]): { readonly key: Value; readonly value: Value } {
  const plane = (index: number): Value => graph.input(pastName(index), 'float32', shape)
  return { key: plane(2 * layer), value: plane(2 * layer + 1) }
}
