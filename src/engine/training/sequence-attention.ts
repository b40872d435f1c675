/**
 * @file Attention over whole sequences, for training and scoring: every row of a batch holds one or more sequences, a mask says who sees whom.
 * Token rows lie position by position (row = position · batch + b), so queries, keys and values enter the products without being copied.
 */
import type { AttentionCore } from '../architecture/llama.ts'
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { add } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { fusedMatmul } from '../graph/matrix.ts'
import { reshape, transpose } from '../graph/movement.ts'
import { softmax } from '../graph/reduction.ts'

/** `mask` is float32[B, S, S], added to the scores: 0 where query s may see key t, a very negative number elsewhere. */
export function sequenceAttention(config: LlamaConfig, mask: Value): AttentionCore {
  const { headDim, kvHeadCount } = config
  const group = config.headCount / kvHeadCount
  const spreadMask = reshape(mask, ['B', 1, 1, 'S', 'S'])
  return ({ query, key, value }) => {
    const split = (x: Value, width: number): Value => reshape(x, ['S', 'B', kvHeadCount, width, headDim])
    const scale = 1 / Math.sqrt(headDim)
    const scores = fusedMatmul(split(query, group), split(key, 1), { transB: true, transBatchA: true, transBatchB: true, alpha: scale })
    const shares = softmax(add(scores, spreadMask))
    const mixed = fusedMatmul(shares, split(value, 1), { transBatchB: true })
    return reshape(transpose(mixed, [3, 0, 1, 2, 4]), query.shape)
  }
}
