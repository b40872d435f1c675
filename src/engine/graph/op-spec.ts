/**
 * @file The form in which an operator is specified: where it lives, what it takes, and the types and shapes it gives.
 * A graph is checked against these specifications while it is built and again as a whole before it is run. Knows no operator by name.
 */
import { InternalError } from '../../base/errors.ts'
import type { Dim, Shape } from './shape.ts'
import type { Attributes, ElementType, Value } from './value.ts'

export type AttributeKind = 'int' | 'float' | 'ints' | 'string'

/** What an operator gives: `contents` are the elements of an int64 vector where they are known as dimensions. */
export interface Inferred {
  readonly type: ElementType
  readonly shape: Shape
  readonly contents?: readonly Dim[]
}

/** An operator applied to inputs; an optional input that is left out is null. */
export interface OpCall {
  readonly op: string
  readonly inputs: readonly (Value | null)[]
  readonly attributes: Attributes
}

/** One operator of ONNX (domain '') or of the runtime's own set (com.microsoft). */
export interface OpSpec {
  readonly domain: '' | 'com.microsoft'
  /** Fewest and most inputs. */
  readonly arity: readonly [number, number]
  readonly attributes: Readonly<Record<string, AttributeKind>>
  infer(call: OpCall): readonly Inferred[]
}

export type OpSpecs = Readonly<Record<string, OpSpec>>

/** Input `index`, which must be there. */
export function need(call: OpCall, index: number): Value {
  const value = call.inputs[index]
  if (value === null || value === undefined) throw new InternalError(`input ${index} is missing`, call.op)
  return value
}

export function needType(value: Value, types: readonly ElementType[], call: OpCall): void {
  if (!types.includes(value.type)) throw new InternalError(`${value.name} is ${value.type}, not ${types.join(' or ')}`, call.op)
}

/** The known contents of an int64 vector. */
export function needContents(value: Value, call: OpCall): readonly Dim[] {
  if (value.contents === undefined) throw new InternalError(`the contents of ${value.name} are not known while building`, call.op)
  return value.contents
}

export function intAttribute(call: OpCall, name: string, fallback: number): number {
  const value = call.attributes[name]
  return typeof value === 'number' ? value : fallback
}
