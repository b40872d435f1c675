/**
 * @file Attention of new tokens to a fed past and to each other, from plain operators: a fused operator would copy the whole past into its output.
 * Queries come scaled. Query heads of one key head lie together, so that grouped-query attention needs no repetition.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import type { AttentionCore, RotateHeads } from '../architecture/llama.ts'
import { add, mul } from '../graph/elementwise.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { fusedMatmul, matmul } from '../graph/matrix.ts'
import { concat, reshape, slice, transpose } from '../graph/movement.ts'
import { rotaryEmbedding } from '../graph/normalization.ts'
import { softmax } from '../graph/reduction.ts'
import { pastName } from './key-value-cache.ts'

/** Names of dimensions: batch rows, new tokens of each row. */
export const ROWS = 'B'
export const TOKENS = 'T'

/** Past tokens of each row, and with the new ones. */
const PAST = 'P'

/** An attention core that collects the keys and values which it is given, f32[B, heads, T, headDim], layer by layer. */
export interface CachedAttention {
  readonly attention: AttentionCore
  readonly rotate?: RotateHeads
  readonly newKeyValues: Value[]
}

/** For one new token a row. Then heads can be told apart without moving anything, and products of one query row take a quicker way. */
export function oneTokenAttention(graph: Graph, { kvHeadCount: heads, headCount, headDim }: LlamaConfig): CachedAttention {
  const mask = graph.input('mask', 'float32', [ROWS, 1, 1, `${PAST}+1`])
  const newKeyValues: Value[] = []
  return {
    newKeyValues,
    rotate: (x, rotation) => rotaryEmbedding(reshape(x, [ROWS, (x.shape[1] as number) / headDim, 1, headDim]), rotation),
    attention: ({ query, key, value, layer }) => {
      const newValue = reshape(value, [ROWS, heads, 1, headDim])
      newKeyValues.push(key, newValue)
      const past = pastOf(graph, layer, [ROWS, heads, PAST, headDim])
      const queries = reshape(query, [ROWS, heads, headCount / heads, headDim])
      const scores = concat([fusedMatmul(queries, past.key, { transB: true }), fusedMatmul(queries, key, { transB: true })], 3)
      const shares = softmax(add(scores, mask))
      const ofPast = matmul(slice(shares, { axis: 3, end: PAST }), past.value)
      return reshape(add(ofPast, mul(slice(shares, { axis: 3, start: PAST }), newValue)), [ROWS, headCount * headDim])
    },
  }
}

/** For any number of new tokens a row. */
export function manyTokenAttention(graph: Graph, { kvHeadCount: heads, headCount, headDim }: LlamaConfig): CachedAttention {
  const group = headCount / heads
  const width = `${PAST}+${TOKENS}`
  const mask = graph.input('mask', 'float32', [ROWS, 1, 1, TOKENS, width])
  const perHead = (x: Value): Value => transpose(reshape(x, [ROWS, TOKENS, heads, headDim]), [0, 2, 1, 3])
  const newKeyValues: Value[] = []
  return {
    newKeyValues,
    attention: ({ query, key, value, layer }) => {
      const [newKey, newValue] = [perHead(key), perHead(value)]
      newKeyValues.push(newKey, newValue)
      const past = pastOf(graph, layer, [ROWS, heads, PAST, headDim])
      const grouped = transpose(reshape(query, [ROWS, TOKENS, heads, group, headDim]), [0, 2, 3, 1, 4])
      const queries = reshape(grouped, [ROWS, heads, `${group}*${TOKENS}`, headDim])
      const scores = concat([fusedMatmul(queries, past.key, { transB: true }), fusedMatmul(queries, newKey, { transB: true })], 3)
      const masked = add(reshape(scores, [ROWS, heads, group, TOKENS, width]), mask)
      const shares = reshape(softmax(masked), [ROWS, heads, `${group}*${TOKENS}`, width])
      const mixed = add(
        matmul(slice(shares, { axis: 3, end: PAST }), past.value),
        matmul(slice(shares, { axis: 3, start: PAST }), newValue),
      )
      const perToken = transpose(reshape(mixed, [ROWS, heads, group, TOKENS, headDim]), [0, 3, 1, 2, 4])
      return reshape(perToken, [`${ROWS}*${TOKENS}`, headCount * headDim])
    },
  }
}

function pastOf(graph: Graph, layer: number, shape: readonly (string | number)[]): { readonly key: Value; readonly value: Value } {
  const plane = (index: number): Value => graph.input(pastName(index), 'float32', shape)
  return { key: plane(2 * layer), value: plane(2 * layer + 1) }
}
