/**
 * @file Operators that reduce or accumulate along axes: sums, means, cumulative sums, softmax.
 */
import type { Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpec, type OpSpecs, intAttribute, need, needContents, needType } from './op-spec.ts'
import { type Dim, positiveAxis } from './shape.ts'

const reduce: OpSpec = { domain: '', arity: [2, 2], attributes: { keepdims: 'int' }, infer: inferReduce }

const alongAxis: OpSpec = {
  domain: '',
  arity: [1, 1],
  attributes: { axis: 'int' },
  infer: (call) => {
    const x = need(call, 0)
    needType(x, ['float32'], call)
    positiveAxis(intAttribute(call, 'axis', -1), x.shape.length, call.op)
    return [{ type: x.type, shape: x.shape }]
  },
}

export const REDUCTION_SPECS: OpSpecs = {
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceSumSquare: reduce,
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  CumSum: { domain: '', arity: [2, 2], attributes: { exclusive: 'int', reverse: 'int' }, infer: inferSame },
}

function reducedShape(x: Value, axes: readonly number[], call: OpCall): Dim[] {
  const positive = axes.map((axis) => positiveAxis(axis, x.shape.length, call.op))
  const keep = intAttribute(call, 'keepdims', 1) === 1
  return x.shape.flatMap((dim, axis) => (positive.includes(axis) ? (keep ? [1] : []) : [dim]))
}

function inferReduce(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const axes = needContents(need(call, 1), call).map(Number)
  return [{ type: x.type, shape: reducedShape(x, axes, call) }]
}

function inferSame(call: OpCall): Inferred[] {
  const x = need(call, 0)
  return [{ type: x.type, shape: x.shape }]
}

/** Which axes to reduce, and whether they stay with length 1 (default true). */
export interface Reduction {
  readonly axes: readonly number[]
  readonly keepDims?: boolean
}

function applyReduce(op: string, x: Value, { axes, keepDims = true }: Reduction): Value {
  return x.graph.apply(op, [x, x.graph.constant(axes, 'int64')], { keepdims: keepDims ? 1 : 0 })
}

export function reduceSum(x: Value, reduction: Reduction): Value {
  return applyReduce('ReduceSum', x, reduction)
}

export function reduceMean(x: Value, reduction: Reduction): Value {
  return applyReduce('ReduceMean', x, reduction)
}

export function reduceMax(x: Value, reduction: Reduction): Value {
  return applyReduce('ReduceMax', x, reduction)
}

export function reduceSumSquare(x: Value, reduction: Reduction): Value {
  return applyReduce('ReduceSumSquare', x, reduction)
}

export function softmax(x: Value, axis = -1): Value {
  return x.graph.apply('Softmax', [x], { axis })
}

export function logSoftmax(x: Value, axis = -1): Value {
  return x.graph.apply('LogSoftmax', [x], { axis })
}

/** Sums of all elements up to and including each one, or of those before it. */
export function cumSum(x: Value, { axis = -1, exclusive = false }: { readonly axis?: number; readonly exclusive?: boolean } = {}): Value {
  return x.graph.apply('CumSum', [x, x.graph.constant(axis, 'int64')], exclusive ? { exclusive: 1 } : {})
}
