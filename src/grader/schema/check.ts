/**
 * @file The question that a keyword of a schema asks of a value, and what it may ask of the evaluation under way.
 */
import type { JsonNode } from './json-node.ts'
import type { Schema, SchemaSet } from './schema-set.ts'

/** Members and items that a schema has looked at; only where something asks. */
export interface Evaluated {
  readonly names: Set<string>
  readonly items: Set<number>
}

/** An evaluation under way. */
export interface Running {
  /** Whether every branch must be looked at, even after the verdict is clear. */
  readonly collects: boolean
  /** What a schema has looked at in a value that it allows; null when it does not. @throws SchemaProblem */
  evaluate(schema: Schema, node: JsonNode): Evaluated | null
  /** Whether another schema allows the same value; takes over what was looked at. */
  holdsFor(schema: Schema, node: JsonNode, evaluated: Evaluated): boolean
  /** The schema that a dynamic anchor means here: the outermost one. */
  outermost(anchor: string, otherwise: Schema): Schema
}

/** A value that is asked about, and where to write down what has been looked at. */
export interface Asked {
  readonly run: Running
  readonly node: JsonNode
  readonly evaluated: Evaluated
}

/** One keyword's question. */
export interface Check {
  readonly keyword: string
  /** Whether it asks other schemas. */
  readonly isDeep: boolean
  readonly test: (asked: Asked) => boolean
}

/** A keyword and what it belongs to. */
export interface Keyword {
  readonly keyword: string
  readonly value: JsonNode
  readonly schema: Schema
  readonly set: SchemaSet
  readonly where: string
  /** Whether `format` is checked. */
  readonly formats: boolean
}
