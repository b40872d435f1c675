/**
 * @file Operators that rearrange a tensor without computing: reshape, transpose, concatenate, slice, split, expand.
 */
import { InternalError } from '../../base/errors.ts'
import type { GraphBuilder, Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpecs, intAttribute, need, needContents } from './op-spec.ts'
import {
  type Dim,
  type Shape,
  broadcastShapes,
  formatShape,
  positiveAxis,
  productKey,
  quotientDim,
  sameDim,
  sameShape,
  sumDims,
} from './shape.ts'

export const MOVEMENT_SPECS: OpSpecs = {
  Shape: { domain: '', arity: [1, 1], attributes: { start: 'int', end: 'int' }, infer: inferShape },
  Reshape: { domain: '', arity: [2, 2], attributes: {}, infer: inferReshape },
  Transpose: { domain: '', arity: [1, 1], attributes: { perm: 'ints' }, infer: inferTranspose },
  Concat: { domain: '', arity: [1, 64], attributes: { axis: 'int' }, infer: inferConcat },
  Slice: { domain: '', arity: [4, 5], attributes: {}, infer: inferSlice },
  Split: { domain: '', arity: [2, 2], attributes: { axis: 'int' }, infer: inferSplit },
  Expand: { domain: '', arity: [2, 2], attributes: {}, infer: inferExpand },
  Identity: { domain: '', arity: [1, 1], attributes: {}, infer: (call) => [sameAs(need(call, 0))] },
}

function sameAs(x: Value): Inferred {
  return { type: x.type, shape: x.shape, ...(x.contents ? { contents: x.contents } : {}) }
}

function inferShape(call: OpCall): Inferred[] {
  const { shape } = need(call, 0)
  const contents = shape.slice(intAttribute(call, 'start', 0), intAttribute(call, 'end', shape.length))
  return [{ type: 'int64', shape: [contents.length], contents }]
}

function inferReshape(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const target = needContents(need(call, 1), call).map((dim, axis) => (dim === 0 ? (x.shape[axis] as Dim) : dim))
  const open = target.indexOf(-1)
  if (open !== -1) {
    const rest = quotientDim(
      x.shape,
      target.filter((_, axis) => axis !== open),
    )
    if (rest === undefined) throw new InternalError(`${formatShape(x.shape)} does not reshape to ${formatShape(target)}`, call.op)
    target[open] = rest
  }
  if (productKey(target) !== productKey(x.shape))
    throw new InternalError(`${formatShape(x.shape)} does not reshape to ${formatShape(target)}`, call.op)
  return [{ type: x.type, shape: target }]
}

function inferTranspose(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const perm = call.attributes['perm'] as readonly number[]
  if (perm.toSorted((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== x.shape.length) {
    throw new InternalError(`${perm.join()} does not permute ${formatShape(x.shape)}`, call.op)
  }
  return [{ type: x.type, shape: perm.map((axis) => x.shape[axis] as Dim) }]
}

function inferConcat(call: OpCall): Inferred[] {
  const parts = call.inputs.map((_, i) => need(call, i))
  const first = parts[0] as Value
  const axis = positiveAxis(intAttribute(call, 'axis', 0), first.shape.length, call.op)
  for (const part of parts) {
    const fits = part.type === first.type && part.shape.length === first.shape.length
    if (!fits || !part.shape.every((dim, i) => i === axis || sameDim(dim, first.shape[i] as Dim))) {
      throw new InternalError(`${formatShape(part.shape)} does not join ${formatShape(first.shape)} along axis ${axis}`, call.op)
    }
  }
  const shape = first.shape.map((dim, i) => (i === axis ? sumDims(parts.map((part) => part.shape[axis] as Dim)) : dim))
  const known = parts.every((part) => part.contents !== undefined)
  return [{ type: first.type, shape, ...(known ? { contents: parts.flatMap((part) => part.contents ?? []) } : {}) }]
}

/** The length of start..end of a dimension: numbers from the front or (negative) from the back; 2^31 - 1 is the end. */
function slicedDim(dim: Dim, start: Dim, end: Dim): Dim {
  const toEnd = end === END || sameDim(end, dim)
  if (start === 0 && toEnd) return dim
  if (typeof dim === 'number' && typeof start === 'number' && typeof end === 'number') {
    const at = (index: number): number => Math.max(0, Math.min(dim, index < 0 ? index + dim : index))
    return Math.max(0, at(end) - at(start))
  }
  if (typeof start === 'number' && typeof end === 'number' && start < 0 === end < 0 && end !== END) return end - start
  if (typeof start === 'number' && start < 0 && toEnd) return -start
  const terms = String(dim).split('+')
  const last = Number(terms.at(-1))
  if (start === 0 && typeof end === 'number' && end < 0 && terms.length > 1 && last >= -end) {
    return sumDims([...terms.slice(0, -1), last + end])
  }
  if (start === 0 && terms.includes(String(end))) return end
  if (toEnd && terms[0] === start && terms.length > 1)
    return sumDims(terms.slice(1).map((term) => (/^\d+$/.test(term) ? Number(term) : term)))
  throw new InternalError(`the length of ${start}..${end} of ${dim} is not known while building`, 'Slice')
}

function inferSlice(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const starts = needContents(need(call, 1), call)
  const ends = needContents(need(call, 2), call)
  const axes = needContents(need(call, 3), call).map((axis) => positiveAxis(Number(axis), x.shape.length, call.op))
  const shape = x.shape.map((dim, axis) => {
    const at = axes.indexOf(axis)
    return at === -1 ? dim : slicedDim(dim, starts[at] as Dim, ends[at] as Dim)
  })
  return [{ type: x.type, shape }]
}

function inferSplit(call: OpCall): Inferred[] {
  const x = need(call, 0)
  const axis = positiveAxis(intAttribute(call, 'axis', 0), x.shape.length, call.op)
  const lengths = needContents(need(call, 1), call)
  if (!sameDim(sumDims(lengths), x.shape[axis] as Dim))
    throw new InternalError(`parts ${lengths.join()} do not make up ${x.shape[axis]}`, call.op)
  return lengths.map((length) => ({ type: x.type, shape: x.shape.map((dim, i) => (i === axis ? length : dim)) }))
}

function inferExpand(call: OpCall): Inferred[] {
  const x = need(call, 0)
  return [{ type: x.type, shape: broadcastShapes(x.shape, needContents(need(call, 1), call), call.op) }]
}

const END = 2 ** 31 - 1

/** An int64 vector with the lengths of `shape`, read off the graph's inputs at run time where they are names. */
export function shapeVector(graph: GraphBuilder, shape: Shape): Value {
  if (shape.every((dim) => typeof dim === 'number')) return graph.constant(shape, 'int64')
  return graph.once(`shape ${formatShape(shape)}`, () => {
    const parts = shape.map((dim) => (typeof dim === 'number' ? graph.constant([dim], 'int64') : graph.dimension(dim)))
    return parts.length === 1 ? (parts[0] as Value) : graph.apply('Concat', parts, { axis: 0 })
  })
}

/** The same elements in another shape. One length is computed; the other names must be kept lengths or dimensions of graph inputs. */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  if (productKey(x.shape) !== productKey(shape)) {
    throw new InternalError(`${formatShape(x.shape)} does not reshape to ${formatShape(shape)}`, 'reshape')
  }
  const isKept = (dim: Dim, axis: number): boolean => typeof dim === 'string' && axis < x.shape.length && sameDim(dim, x.shape[axis] as Dim)
  const vector = shape.map((dim, axis) => (isKept(dim, axis) ? 0 : dim))
  const names = vector.filter((dim) => typeof dim === 'string')
  const computed = names.find((name) => !x.graph.hasDimension(name)) ?? names[0]
  return x.graph.apply('Reshape', [x, shapeVector(x.graph, computed === undefined ? vector : vector.with(vector.indexOf(computed), -1))])
}

export function transpose(x: Value, perm: readonly number[]): Value {
  return x.graph.apply('Transpose', [x], { perm })
}

export function concat(parts: readonly Value[], axis: number): Value {
  return (parts[0] as Value).graph.apply('Concat', parts, { axis })
}

/**
 * One axis of a tensor from `start` (inclusive, default 0) to `end` (exclusive, default the end). Negative numbers count from the back, names are
 * dimensions of graph inputs.
 */
export interface SliceRange {
  readonly axis: number
  readonly start?: Dim
  readonly end?: Dim
}

export function slice(x: Value, { axis, start = 0, end = END }: SliceRange): Value {
  const { graph } = x
  const bound = (at: Dim): Value => (typeof at === 'number' ? graph.constant([at], 'int64') : graph.dimension(at))
  return graph.apply('Slice', [x, bound(start), bound(end), graph.constant([axis], 'int64')])
}

/** Cuts an axis into parts of the given lengths. */
export function split(x: Value, lengths: readonly number[], axis: number): readonly Value[] {
  return x.graph.add('Split', [x, x.graph.constant(lengths, 'int64')], { axis })
}

export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : x.graph.apply('Expand', [x, shapeVector(x.graph, shape)])
}

/** Broadcast to the shape of another tensor, whatever its dimensions are called. */
export function expandLike(x: Value, like: Value): Value {
  return sameShape(x.shape, like.shape) ? x : x.graph.apply('Expand', [x, x.graph.apply('Shape', [like])])
}
