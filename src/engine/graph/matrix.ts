/**
 * @file Matrix products: the plain one, the one for matrices with bias and transposition, and the runtime's fused batched one.
 */
import { InternalError } from '../../base/errors.ts'
import type { Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpecs, intAttribute, need, needType } from './op-spec.ts'
import { type Dim, type Shape, broadcastShapes, formatShape, sameDim } from './shape.ts'

export const MATRIX_SPECS: OpSpecs = {
  MatMul: { domain: '', arity: [2, 2], attributes: {}, infer: (call) => inferProduct(call, need(call, 0).shape, need(call, 1).shape) },
  Gemm: { domain: '', arity: [2, 3], attributes: { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' }, infer: inferGemm },
  FusedMatMul: {
    domain: 'com.microsoft',
    arity: [2, 2],
    attributes: { alpha: 'float', transA: 'int', transB: 'int', transBatchA: 'int', transBatchB: 'int' },
    infer: inferFused,
  },
}

function inferProduct(call: OpCall, a: Shape, b: Shape): Inferred[] {
  needType(need(call, 0), ['float32'], call)
  needType(need(call, 1), ['float32'], call)
  if (a.length < 2 || b.length < 2 || !sameDim(a.at(-1) as Dim, b.at(-2) as Dim)) {
    throw new InternalError(`${formatShape(a)} times ${formatShape(b)} is no matrix product`, call.op)
  }
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2), call.op)
  return [{ type: 'float32', shape: [...batch, a.at(-2) as Dim, b.at(-1) as Dim] }]
}

function transposed(shape: Shape, last: boolean, batch = false): Dim[] {
  const rotated = batch ? [...shape.slice(1, -1), shape[0] as Dim, shape.at(-1) as Dim] : [...shape]
  return last ? [...rotated.slice(0, -2), rotated.at(-1) as Dim, rotated.at(-2) as Dim] : rotated
}

function flag(call: OpCall, name: string): boolean {
  return intAttribute(call, name, 0) === 1
}

function inferGemm(call: OpCall): Inferred[] {
  const [a, b] = [need(call, 0), need(call, 1)]
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new InternalError('both factors must be matrices', call.op)
  const result = inferProduct(call, transposed(a.shape, flag(call, 'transA')), transposed(b.shape, flag(call, 'transB')))
  const bias = call.inputs[2]
  const shape = result[0]?.shape ?? []
  if (bias && broadcastShapes(shape, bias.shape, call.op).some((dim, axis) => !sameDim(dim, shape[axis] as Dim))) {
    throw new InternalError(`bias ${formatShape(bias.shape)} does not fit ${formatShape(shape)}`, call.op)
  }
  return result
}

function inferFused(call: OpCall): Inferred[] {
  const a = transposed(need(call, 0).shape, flag(call, 'transA'), flag(call, 'transBatchA'))
  const b = transposed(need(call, 1).shape, flag(call, 'transB'), flag(call, 'transBatchB'))
  return inferProduct(call, a, b)
}

/** The product of two tensors over their last two axes, batched over the others. */
export function matmul(a: Value, b: Value): Value {
  return a.graph.apply('MatMul', [a, b])
}

export interface GemmOptions {
  readonly bias?: Value
  readonly transA?: boolean
  readonly transB?: boolean
  readonly alpha?: number
}

/** alpha · a b + bias for matrices, either of them transposed on the way. */
export function gemm(a: Value, b: Value, options: GemmOptions = {}): Value {
  const inputs = options.bias ? [a, b, options.bias] : [a, b]
  return a.graph.apply('Gemm', inputs, {
    alpha: options.alpha ?? 1,
    transA: options.transA ? 1 : 0,
    transB: options.transB ? 1 : 0,
  })
}

export interface FusedMatmulOptions {
  readonly transA?: boolean
  readonly transB?: boolean
  /** The first axis of a factor is moved behind its batch axes before the product. */
  readonly transBatchA?: boolean
  readonly transBatchB?: boolean
  readonly alpha?: number
}

/** alpha · a b over the last two axes, batched, either factor transposed on the way. */
export function fusedMatmul(a: Value, b: Value, options: FusedMatmulOptions = {}): Value {
  return a.graph.apply('FusedMatMul', [a, b], {
    alpha: options.alpha ?? 1,
    transA: options.transA ? 1 : 0,
    transB: options.transB ? 1 : 0,
    transBatchA: options.transBatchA ? 1 : 0,
    transBatchB: options.transBatchB ? 1 : 0,
  })
}
