/**
 * @file What each keyword of a schema asks of a value, prepared once: texts of patterns compiled, references found.
 */
import type { Evaluated, Evaluation } from './evaluate.ts'
import { applicatorCheck } from './applicators.ts'
import { assertionCheck } from './assertions.ts'
import { keywordProblem } from './drafts.ts'
import type { JsonNode } from './json-node.ts'
import { isOverridden, SchemaProblem } from './schema-set.ts'
import type { Schema, SchemaSet } from './schema-set.ts'

/** A value that is asked about, and where to write down what has been looked at. */
export interface Asked {
  readonly run: Evaluation
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

/** The questions of a schema; those that ask what the others have looked at come last. @throws SchemaProblem, PatternUnusableError */
export function checksOf(schema: Schema, context: Pick<Keyword, 'set' | 'where' | 'formats'>): readonly Check[] {
  const found = [...schema.node.members].flatMap(([keyword, value]) => {
    if (isOverridden(schema) && keyword !== '$ref') return []
    const problem = keywordProblem(keyword, schema.resource.draft)
    if (problem !== null) throw new SchemaProblem(`${problem} (at ${schema.pointer})`)
    const part: Keyword = { keyword, value, schema, ...context }
    const own = assertionCheck(part)
    const test = own ?? applicatorCheck(part)
    return test === null ? [] : [{ keyword, isDeep: own === null, test }]
  })
  const isLast = ({ keyword }: Check): boolean => keyword.startsWith('unevaluated')
  return [...found.filter((check) => !isLast(check)), ...found.filter(isLast)]
}
