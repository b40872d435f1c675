/**
 * @file How operators are written with plainer ones. Each rule gives the same results in the same order; it knows no runtime.
 */
import { add, cast, exp, lessOrEqual, log, mul, reciprocal, sqrt, sub } from './elementwise.ts'
import type { Attributes, Value } from './value.ts'
import { matmul } from './matrix.ts'
import { reshape, transpose } from './movement.ts'
import { reduceMax, reduceMean, reduceSum } from './reduction.ts'

/** Operators that can be replaced. */
export type LoweredOperator = 'FusedMatMul' | 'LogSoftmax' | 'OneHot' | 'SimplifiedLayerNormalization'

/** Gives the values that stand for the node's results. */
export type LoweringRule = (inputs: readonly Value[], attributes: Attributes) => readonly Value[]

export const LOWERING_RULES: Readonly<Record<LoweredOperator, LoweringRule>> = {
  FusedMatMul: ([a, b], attributes) => {
    const left = orderedFactor(a as Value, attributes['transA'] === 1, attributes['transBatchA'] === 1)
    const right = orderedFactor(b as Value, attributes['transB'] === 1, attributes['transBatchB'] === 1)
    const alpha = attributes['alpha'] as number
    const product = matmul(left, right)
    return [alpha === 1 ? product : mul(product, alpha)]
  },
  LogSoftmax: ([x], attributes) => {
    const axes = [attributes['axis'] as number]
    const below = sub(x as Value, reduceMax(x as Value, { axes }))
    return [sub(below, log(reduceSum(exp(below), { axes })))]
  },
  OneHot: ([indices, depth]) => [isEachIndex(indices as Value, (depth as Value).contents?.[0] as number)],
  SimplifiedLayerNormalization: ([x, scale], attributes) => {
    const inverseRms = reciprocal(sqrt(add(reduceMean(mul(x as Value, x as Value), { axes: [-1] }), attributes['epsilon'] as number)))
    return [(x as Value).graph.add('SimplifiedLayerNormalization', [x as Value, scale as Value], attributes)[0] as Value, inverseRms]
  },
}

/** A factor of a product with its first axis behind its batch axes, and its last two axes exchanged. */
function orderedFactor(x: Value, isTransposed: boolean, isBatchTransposed: boolean): Value {
  const axes = x.shape.map((_, axis) => axis)
  const last = axes.length - 1
  const moved = isBatchTransposed ? [...axes.slice(1, last), 0, last] : axes
  const order = isTransposed ? [...moved.slice(0, -2), moved.at(-1) as number, moved.at(-2) as number] : moved
  return order.every((axis, at) => axis === at) ? x : transpose(x, order)
}

/** 1 where the index along a new last axis is the given one, 0 elsewhere; indices are exact in float32 up to 2^24. */
function isEachIndex(indices: Value, depth: number): Value {
  const range = indices.graph.constant(
    Float32Array.from({ length: depth }, (_, index) => index),
    'float32',
    [depth],
  )
  const column = reshape(cast(indices, 'float32'), [...indices.shape, 1])
  return mul(cast(lessOrEqual(column, range), 'float32'), cast(lessOrEqual(range, column), 'float32'))
}
