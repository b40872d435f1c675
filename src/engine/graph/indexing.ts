/**
 * @file Operators that pick or put elements by index: gather, scatter, one-hot, top-k.
 */
import { InternalError } from '../../base/errors.ts'
import { cast } from './elementwise.ts'
import type { Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpecs, intAttribute, need, needContents, needType } from './op-spec.ts'
import { type Dim, positiveAxis, sameShape } from './shape.ts'

export const INDEXING_SPECS: OpSpecs = {
  Gather: { domain: '', arity: [2, 2], attributes: { axis: 'int' }, infer: inferGather },
  GatherElements: { domain: '', arity: [2, 2], attributes: { axis: 'int' }, infer: inferGatherElements },
  ScatterElements: { domain: '', arity: [3, 3], attributes: { axis: 'int', reduction: 'string' }, infer: inferScatterElements },
  OneHot: { domain: '', arity: [3, 3], attributes: { axis: 'int' }, infer: inferOneHot },
  TopK: { domain: '', arity: [2, 2], attributes: { axis: 'int', largest: 'int', sorted: 'int' }, infer: inferTopK },
}

function inferGather(call: OpCall): Inferred[] {
  const [x, indices] = [need(call, 0), need(call, 1)]
  needType(indices, ['int64', 'int32'], call)
  const axis = positiveAxis(intAttribute(call, 'axis', 0), x.shape.length, call.op)
  return [{ type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }]
}

function inferGatherElements(call: OpCall): Inferred[] {
  const [x, indices] = [need(call, 0), need(call, 1)]
  needType(indices, ['int64', 'int32'], call)
  if (indices.shape.length !== x.shape.length) throw new InternalError('the indices must have the rank of the data', call.op)
  return [{ type: x.type, shape: indices.shape }]
}

function inferScatterElements(call: OpCall): Inferred[] {
  const [x, indices, updates] = [need(call, 0), need(call, 1), need(call, 2)]
  if (!sameShape(indices.shape, updates.shape)) throw new InternalError('indices and updates must have one shape', call.op)
  return [{ type: x.type, shape: x.shape }]
}

function inferOneHot(call: OpCall): Inferred[] {
  const indices = need(call, 0)
  const depth = needContents(need(call, 1), call)[0] as Dim
  if (intAttribute(call, 'axis', -1) !== -1) throw new InternalError('only the last axis is specified', call.op)
  return [{ type: need(call, 2).type, shape: [...indices.shape, depth] }]
}

function inferTopK(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const axis = positiveAxis(intAttribute(call, 'axis', -1), x.shape.length, call.op)
  // A count that is fed has no known contents; the results' length is a name of its own then.
  const count = need(call, 1).contents?.[0] ?? need(call, 1).name
  const shape = x.shape.map((dim, i) => (i === axis ? count : dim))
  return [
    { type: x.type, shape },
    { type: 'int64', shape },
  ]
}

/** Whole slices of `x` along `axis` (rows by default), one for each index. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return x.graph.apply('Gather', [x, indices], { axis })
}

/** One element for each index: the index replaces the coordinate along `axis`. */
export function gatherElements(x: Value, indices: Value, axis = -1): Value {
  return x.graph.apply('GatherElements', [x, indices], { axis })
}

/** Adds each update to the element of `x` that its index names along `axis`, one after another. */
export function scatterAdd(x: Value, { indices, updates, axis }: { indices: Value; updates: Value; axis: number }): Value {
  return x.graph.apply('ScatterElements', [x, indices, updates], { axis, reduction: 'add' })
}

/** 1 at the index and 0 elsewhere, along a new last axis of length `depth`. float32 */
export function oneHot(indices: Value, depth: number): Value {
  const { graph } = indices
  return graph.apply('OneHot', [cast(indices, 'int64'), graph.constant([depth], 'int64'), graph.constant([0, 1])], { axis: -1 })
}

/** The largest `count` elements along `axis` in falling order, with their indices; a count that is a value is int64[1]. */
export function topK(x: Value, count: number | Value, axis = -1): { readonly values: Value; readonly indices: Value } {
  const [values, indices] = x.graph.add('TopK', [x, typeof count === 'number' ? x.graph.constant([count], 'int64') : count], {
    axis,
    largest: 1,
    sorted: 1,
  })
  return { values: values as Value, indices: indices as Value }
}
