/**
 * @file Draws one token a row inside a graph, by inverting the cumulative distribution. The vocabulary is cut into blocks, so that only the sums of
 * blocks and one block are accumulated one after another. It knows nothing of logits or temperatures.
 */
import { InternalError } from '../../base/errors.ts'
import { add, cast, lessOrEqual, mul, sub } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { gatherElements } from '../graph/indexing.ts'
import { reshape, slice } from '../graph/movement.ts'
import { cumSum, reduceSum } from '../graph/reduction.ts'
import type { Dim } from '../graph/shape.ts'

/**
 * The token of each row in whose share of the cumulative distribution uniform · total lies, f32[rows, 1].
 * A count of shares that begin at or below it names the token, so rounding can never choose one beyond the vocabulary.
 * @param probabilities f32[rows, vocabSize]
 * @param uniform f32[rows, 1] in [0, 1)
 */
export function drawToken(probabilities: Value, uniform: Value): Value {
  const [rows, size] = probabilities.shape as readonly [Dim, Dim]
  if (typeof size !== 'number') throw new InternalError('the size of the vocabulary must be known', 'drawToken')
  const width = blockWidth(size)
  const sums = reduceSum(reshape(probabilities, [rows, size / width, width]), { axes: [2], keepDims: false })
  const starts = cumSum(sums, { exclusive: true })
  const total = add(slice(starts, { axis: 1, start: -1 }), slice(sums, { axis: 1, start: -1 }))
  const target = mul(uniform, total)
  const block = lastStartBelow(starts, target)
  const first = mul(block, width)
  const columns = Float32Array.from({ length: width }, (_, column) => column)
  const ids = add(first, probabilities.graph.constant(columns, 'float32', [1, width]))
  const inBlock = gatherElements(probabilities, cast(ids, 'int64'))
  const rest = sub(target, gatherElements(starts, cast(block, 'int64')))
  return add(first, lastStartBelow(cumSum(inBlock, { exclusive: true }), rest))
}

/** The index of the last of `starts`, which never fall, that is not above `target`; the first one is 0 and never above. */
function lastStartBelow(starts: Value, target: Value): Value {
  return sub(reduceSum(cast(lessOrEqual(starts, target), 'float32'), { axes: [1] }), 1)
}

/** The divisor of `size` that is nearest to its root from below. */
function blockWidth(size: number): number {
  let width = Math.floor(Math.sqrt(size))
  while (size % width !== 0) width--
  return width
}
