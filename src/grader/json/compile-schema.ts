/**
 * @file Compiles a JSON schema: all of it is looked at when it is defined, so that what cannot be checked is refused by name and nothing is ignored.
 */
import { isHoldfastError } from '../../base/errors.ts'
import type { JsonValue } from '../../base/json.ts'
import { JsonSchemaUnusableError } from '../errors.ts'
import { checksOf } from '../schema/checks.ts'
import type { Check } from '../schema/check.ts'
import { DRAFTS } from '../schema/drafts.ts'
import type { Draft } from '../schema/drafts.ts'
import { Evaluation } from '../schema/evaluate.ts'
import { JsonNode } from '../schema/json-node.ts'
import { DOCUMENT, draftOf, SchemaProblem, SchemaSet, textAt } from '../schema/schema-set.ts'
import type { Schema } from '../schema/schema-set.ts'

/** Whether `format` is checked or only said. */
export type FormatUse = 'assert' | 'annotation'

/** A schema, as a value or as its JSON text, whose numbers are then exact. */
export interface SchemaSource {
  readonly schema: JsonValue
  readonly formats?: FormatUse | undefined
}

/** Whether a value is what the schema allows. @throws SchemaProblem from the function, for a schema that refers to itself in place */
export type SchemaTest = (node: JsonNode) => boolean

/** @throws JsonSchemaUnusableError, PatternUnusableError */
export function compileSchema(source: SchemaSource, where: string): SchemaTest {
  try {
    return compile(source, where)
  } catch (error) {
    if (isHoldfastError(error)) throw error
    throw new JsonSchemaUnusableError({ where, reason: error instanceof Error ? error.message : String(error) })
  }
}

const DEPTH_AT_MOST = 200

function compile({ schema, formats }: SchemaSource, where: string): SchemaTest {
  const root = typeof schema === 'string' ? JsonNode.parse(schema) : JsonNode.of(schema)
  if (root.kind !== 'boolean' && root.kind !== 'object') throw new SchemaProblem('a schema is an object, true or false')
  checkDepth(root, DEPTH_AT_MOST)
  const draft = draftOf(root) ?? '2020-12'
  checkByMetaschema(root, draft, where)
  if (typeof schema !== 'string') checkNumbers(schema)
  const set = new SchemaSet()
  const id = textAt(root, '$id') ?? ''
  const document = set.add(root, new URL(id.startsWith('#') ? '' : id, DOCUMENT).href.replace(/#.*$/, ''), draft)
  const isNamed = textAt(root, '$schema') !== null && draft === '2020-12'
  const context = { set, where, formats: formats !== 'annotation' }
  const prepared = prepare(set, context)
  if (isNamed && formats === undefined && [...prepared.keys()].some(({ node }) => isBareFormat(node)))
    throw new SchemaProblem(FORMAT_UNSAID)
  const test: SchemaTest = (node) => new Evaluation(set, (at) => prepared.get(at) ?? []).evaluate(document, node) !== null
  // A schema that comes back to itself in place does so for almost any value.
  for (const value of [null, true, 0, '', [], {}]) test(JsonNode.of(value))
  return test
}

const FORMAT_UNSAID =
  "it has the keyword format, which draft 2020-12 does not check by itself: say formats: 'assert' to check it or formats: 'annotation' to let it pass"

/** A format by itself may be meant as either; beside a type or a pattern, as generators write it, it is meant. */
function isBareFormat({ members }: JsonNode): boolean {
  return members.has('format') && !members.has('type') && !members.has('pattern')
}

/** The checks of every schema of a set, those included that its references bring in. */
function prepare(set: SchemaSet, context: Parameters<typeof checksOf>[1]): ReadonlyMap<Schema, readonly Check[]> {
  const prepared = new Map<Schema, readonly Check[]>()
  for (;;) {
    const left = set.all().filter((schema) => !prepared.has(schema))
    if (left.length === 0) return prepared
    for (const schema of left) prepared.set(schema, checksOf(schema, context))
  }
}

function checkDepth(node: JsonNode, left: number): void {
  if (left === 0) throw new SchemaProblem(`it is nested deeper than ${DEPTH_AT_MOST} levels`)
  for (const child of [...node.items, ...node.members.values()]) checkDepth(child, left - 1)
}

const metaschemaSets = new Map<Draft, Evaluator>()

type Evaluator = (root: JsonNode) => Evaluation['failure']

function checkByMetaschema(root: JsonNode, draft: Draft, where: string): void {
  const evaluator = metaschemaSets.get(draft) ?? metaschemaOf(draft, where)
  metaschemaSets.set(draft, evaluator)
  const failure = evaluator(root)
  if (failure !== null)
    throw new SchemaProblem(`${pathTo(failure.node, root)} is not what draft ${draft} allows there (${failure.keyword})`)
}

function metaschemaOf(draft: Draft, where: string): Evaluator {
  const uri = [...DRAFTS].find(([, known]) => known === draft)?.[0] ?? ''
  const set = new SchemaSet()
  const asking = set.add(JsonNode.of({ $ref: uri }), DOCUMENT, draft)
  const prepared = prepare(set, { set, where, formats: false })
  return (root) => {
    const run = new Evaluation(set, (at) => prepared.get(at) ?? [])
    return run.evaluate(asking, root) === null ? run.failure : null
  }
}

/** Where a node stands, as a JSON pointer. */
function pathTo(wanted: JsonNode, node: JsonNode, path = '#'): string {
  if (wanted === node) return path
  const children = [...node.items.entries(), ...node.members] as readonly (readonly [string | number, JsonNode])[]
  for (const [key, child] of children) {
    const found = pathTo(wanted, child, `${path}/${key}`)
    if (found !== '') return found
  }
  return ''
}

/** A whole number beyond 2^53 is not what its author wrote: JavaScript has rounded it. */
function checkNumbers(value: JsonValue): void {
  if (typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))))
    throw new SchemaProblem(`JavaScript rounds the number ${value}: give the schema as its JSON text`)
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) checkNumbers(member)
}
