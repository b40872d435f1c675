/**
 * @file Evaluates a schema over JSON, each schema at most once for each value and way that led to it: a schema that refers to itself from several
 * branches costs no more than one pass for each, and one that refers to itself without going deeper is found out.
 */
import type { Check, Evaluated, Running } from './check.ts'
import type { JsonNode } from './json-node.ts'
import type { Resource, Schema, SchemaSet } from './schema-set.ts'
import { SchemaProblem } from './schema-set.ts'

/** The resources that led to a value, outermost first: what a dynamic reference depends on. */
class Scope {
  readonly resources: readonly Resource[]
  readonly #inner = new Map<Resource, Scope>()

  constructor(resources: readonly Resource[]) {
    this.resources = resources
  }

  /** The scope within a resource. The outermost mention of a resource is the only one that counts, so there are no more scopes than orders of resources. */
  within(resource: Resource): Scope {
    if (this.resources.includes(resource)) return this
    const known = this.#inner.get(resource)
    if (known !== undefined) return known
    const inner = new Scope([...this.resources, resource])
    this.#inner.set(resource, inner)
    return inner
  }
}

type Result = Evaluated | 'invalid' | 'running'

const STEPS_AT_MOST = 20_000_000
const NOTHING: Evaluated = { names: new Set(), items: new Set() }

/** One evaluation of one text. */
export class Evaluation implements Running {
  /** Where the text was first not as it must be: the schema's keyword and, for messages about schemas, the value there. */
  failure: { readonly keyword: string; readonly node: JsonNode } | null = null
  readonly #set: SchemaSet
  readonly #checks: (schema: Schema) => readonly Check[]
  readonly #known = new Map<Scope, Map<Schema, Map<JsonNode, Result>>>()
  #scope = new Scope([])
  #steps = 0

  constructor(set: SchemaSet, checks: (schema: Schema) => readonly Check[]) {
    this.#set = set
    this.#checks = checks
  }

  evaluate(schema: Schema, node: JsonNode): Evaluated | null {
    if (schema.node.kind === 'boolean') return schema.node.value === true ? NOTHING : null
    const outer = this.#scope
    if (this.#set.isDynamic) this.#scope = outer.within(schema.resource)
    try {
      return this.#once(schema, node)
    } finally {
      this.#scope = outer
    }
  }

  /** What asks no other schema is quicker asked again than looked up. */
  #once(schema: Schema, node: JsonNode): Evaluated | null {
    const checks = this.#checks(schema)
    if (!checks.some(({ isDeep }) => isDeep)) return this.#ask(checks, node)
    const results = this.#resultsOf(schema)
    const known = results.get(node)
    if (known === 'running') throw new SchemaProblem(`it refers to itself without going deeper, at ${schema.pointer}`)
    if (known !== undefined) return known === 'invalid' ? null : known
    results.set(node, 'running')
    const evaluated = this.#ask(checks, node)
    results.set(node, evaluated ?? 'invalid')
    return evaluated
  }

  #ask(checks: readonly Check[], node: JsonNode): Evaluated | null {
    const evaluated: Evaluated = this.#set.collects ? { names: new Set(), items: new Set() } : NOTHING
    this.#steps += checks.length
    if (this.#steps > STEPS_AT_MOST) throw new SchemaProblem('it takes too many steps')
    const failed = checks.find((check) => !check.test({ run: this, node, evaluated }))
    if (failed === undefined) return evaluated
    this.failure ??= { keyword: failed.keyword, node }
    return null
  }

  holdsFor(schema: Schema, node: JsonNode, evaluated: Evaluated): boolean {
    const inner = this.evaluate(schema, node)
    if (inner === null) return false
    if (this.#set.collects) {
      for (const name of inner.names) evaluated.names.add(name)
      for (const item of inner.items) evaluated.items.add(item)
    }
    return true
  }

  get collects(): boolean {
    return this.#set.collects
  }

  outermost(anchor: string, otherwise: Schema): Schema {
    for (const { dynamicAnchors } of this.#scope.resources) {
      const schema = dynamicAnchors.get(anchor)
      if (schema !== undefined) return schema
    }
    return otherwise
  }

  #resultsOf(schema: Schema): Map<JsonNode, Result> {
    const bySchema = this.#known.get(this.#scope) ?? new Map<Schema, Map<JsonNode, Result>>()
    this.#known.set(this.#scope, bySchema)
    const byNode = bySchema.get(schema) ?? new Map<JsonNode, Result>()
    bySchema.set(schema, byNode)
    return byNode
  }
}
