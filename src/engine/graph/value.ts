/**
 * @file A tensor of a graph, and what operator functions may do with its graph: read its nodes and add to them. Knows no operator.
 */
import type { Dim, Shape } from './shape.ts'

export type ElementType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'bool'

/** A tensor of the graph. Values of different graphs never mix. */
export interface Value {
  readonly graph: GraphBuilder
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
  /** The elements of an int64 vector, where they are known as dimensions. */
  readonly contents?: readonly Dim[]
}

export type Attribute = number | string | readonly number[]

export type Attributes = Readonly<Record<string, Attribute>>

export interface GraphNode {
  readonly op: string
  readonly inputs: readonly (Value | null)[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
}

/** A graph as its operators and their gradients see it. */
export interface GraphBuilder {
  /** In order of computation. */
  readonly nodes: readonly GraphNode[]
  /** A constant number or vector of numbers; the same one is stored once. */
  constant(data: number | readonly number[] | Float32Array, type?: ElementType, shape?: readonly number[]): Value
  /** Applies an operator and gives its results. */
  add(op: string, inputs: readonly (Value | null)[], attributes?: Attributes): readonly Value[]
  /** Applies an operator that has one result. */
  apply(op: string, inputs: readonly (Value | null)[], attributes?: Attributes): Value
  /** What `create` gave the first time it was asked for under `key`. */
  once(key: string, create: () => Value): Value
  hasDimension(name: string): boolean
  /** The run-time length of a named dimension as int64[1], read off an input that has it. */
  dimension(name: string): Value
}
