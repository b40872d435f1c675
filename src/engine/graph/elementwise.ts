/**
 * @file Operators that act on each element alone, with numpy's broadcasting: arithmetic, comparisons, functions of one variable, casts.
 */
import { InternalError } from '../../base/errors.ts'
import type { ElementType, Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpec, type OpSpecs, need, needType } from './op-spec.ts'
import { broadcastShapes } from './shape.ts'

/** A tensor or a plain number. */
export type Operand = Value | number

const NUMBERS: readonly ElementType[] = ['float32', 'int64', 'int32']
const FLOATS: readonly ElementType[] = ['float32']

/** Numbers of the element types in the runtime's own format. */
export const ELEMENT_CODES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 }

function broadcast(call: OpCall, result?: ElementType): Inferred[] {
  const [a, b] = [need(call, 0), need(call, 1)]
  if (a.type !== b.type) throw new InternalError(`${a.name} is ${a.type}, ${b.name} is ${b.type}`, call.op)
  return [{ type: result ?? a.type, shape: broadcastShapes(a.shape, b.shape, call.op) }]
}

const binary = (types: readonly ElementType[]): OpSpec => ({
  domain: '',
  arity: [2, 2],
  attributes: {},
  infer: (call) => {
    needType(need(call, 0), types, call)
    return broadcast(call)
  },
})

const unary = (types: readonly ElementType[]): OpSpec => ({
  domain: '',
  arity: [1, 1],
  attributes: {},
  infer: (call) => {
    const x = need(call, 0)
    needType(x, types, call)
    return [{ type: x.type, shape: x.shape }]
  },
})

const comparison: OpSpec = { domain: '', arity: [2, 2], attributes: {}, infer: (call) => broadcast(call, 'bool') }

export const ELEMENTWISE_SPECS: OpSpecs = {
  Add: binary(NUMBERS),
  Sub: binary(NUMBERS),
  Mul: binary(NUMBERS),
  Div: binary(NUMBERS),
  Pow: binary(FLOATS),
  Neg: unary(NUMBERS),
  Exp: unary(FLOATS),
  Log: unary(FLOATS),
  Sqrt: unary(FLOATS),
  Sigmoid: unary(FLOATS),
  Reciprocal: unary(FLOATS),
  Less: comparison,
  LessOrEqual: comparison,
  Cast: { domain: '', arity: [1, 1], attributes: { to: 'int' }, infer: inferCast },
  Where: { domain: '', arity: [3, 3], attributes: {}, infer: inferWhere },
}

function inferCast(call: OpCall): Inferred[] {
  const type = Object.entries(ELEMENT_CODES).find(([, code]) => code === call.attributes['to'])?.[0]
  if (!type) throw new InternalError('unknown element type', 'Cast')
  return [{ type: type as ElementType, shape: need(call, 0).shape }]
}

function inferWhere(call: OpCall): Inferred[] {
  const [condition, a, b] = [need(call, 0), need(call, 1), need(call, 2)]
  needType(condition, ['bool'], call)
  if (a.type !== b.type) throw new InternalError(`${a.name} is ${a.type}, ${b.name} is ${b.type}`, call.op)
  return [{ type: a.type, shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape, call.op), call.op) }]
}

function operands(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== 'number') return [a, typeof b === 'number' ? a.graph.constant(b, a.type) : b]
  if (typeof b !== 'number') return [b.graph.constant(a, b.type), b]
  throw new InternalError('two numbers make no tensor', 'graph')
}

function applyBinary(op: string, a: Operand, b: Operand): Value {
  const pair = operands(a, b)
  return pair[0].graph.apply(op, pair)
}

export function add(a: Operand, b: Operand): Value {
  return applyBinary('Add', a, b)
}

export function sub(a: Operand, b: Operand): Value {
  return applyBinary('Sub', a, b)
}

export function mul(a: Operand, b: Operand): Value {
  return applyBinary('Mul', a, b)
}

export function div(a: Operand, b: Operand): Value {
  return applyBinary('Div', a, b)
}

export function less(a: Operand, b: Operand): Value {
  return applyBinary('Less', a, b)
}

export function lessOrEqual(a: Operand, b: Operand): Value {
  return applyBinary('LessOrEqual', a, b)
}

export function neg(x: Value): Value {
  return x.graph.apply('Neg', [x])
}

export function exp(x: Value): Value {
  return x.graph.apply('Exp', [x])
}

/** The natural logarithm. */
export function log(x: Value): Value {
  return x.graph.apply('Log', [x])
}

export function sqrt(x: Value): Value {
  return x.graph.apply('Sqrt', [x])
}

export function reciprocal(x: Value): Value {
  return x.graph.apply('Reciprocal', [x])
}

export function sigmoid(x: Value): Value {
  return x.graph.apply('Sigmoid', [x])
}

/** `a` where `condition` holds, `b` elsewhere. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [left, right] = operands(a, b)
  return condition.graph.apply('Where', [condition, left, right])
}

export function cast(x: Value, type: ElementType): Value {
  return x.type === type ? x : x.graph.apply('Cast', [x], { to: ELEMENT_CODES[type] })
}
