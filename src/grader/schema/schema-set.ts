/**
 * @file The schemas that belong together: a document with all that is embedded in it, and the metaschemas it refers to. Nothing is ever fetched.
 */
import { DRAFTS, metaschemas, SUBSCHEMAS } from './drafts.ts'
import type { Draft } from './drafts.ts'
import { JsonNode } from './json-node.ts'

/** A schema with an identity of its own: the document, or one embedded in it with `$id`. */
export interface Resource {
  readonly uri: string
  readonly root: JsonNode
  readonly draft: Draft
  readonly anchors: Map<string, Schema>
  readonly dynamicAnchors: Map<string, Schema>
}

/** One schema or subschema: where it stands, what it says, and which resource its references are relative to. */
export interface Schema {
  readonly node: JsonNode
  readonly resource: Resource
  readonly pointer: string
}

/** What makes a schema unusable, in words. */
export class SchemaProblem extends Error {}

/** Where documents without an `$id` stand. */
export const DOCUMENT = 'schema:///document'

/** Finds schemas by reference. */
export class SchemaSet {
  readonly #resources = new Map<string, Resource>()
  readonly #schemas = new Map<JsonNode, Schema>()
  /** Whether anything in it depends on the way that led there. */
  isDynamic = false
  /** Whether anything in it asks what has been evaluated already. */
  collects = false

  /** Adds a document and gives its schema. @throws SchemaProblem */
  add(root: JsonNode, uri: string, draft: Draft): Schema {
    return this.#walk(root, this.#newResource(root, uri, draft), '#')
  }

  /** All schemas that were found so far, by walking documents or by references into them. */
  all(): readonly Schema[] {
    return [...this.#schemas.values()]
  }

  /** The schema at a node that was walked. */
  at(node: JsonNode): Schema {
    const schema = this.#schemas.get(node)
    if (schema === undefined) throw new SchemaProblem('a subschema stands where none can')
    return schema
  }

  /** What a reference means. @throws SchemaProblem */
  resolve(reference: string, from: Schema): { readonly schema: Schema; readonly anchor: string | null } {
    const [uri = '', fragment = ''] = absolute(reference, from.resource.uri).split('#', 2)
    const resource = this.#resources.get(uri) ?? this.#metaschema(uri)
    if (resource === null) throw new SchemaProblem(`it refers to ${uri}, which is not in it; nothing is fetched`)
    const name = decode(fragment, reference)
    if (name === '') return { schema: this.at(resource.root), anchor: null }
    if (name.startsWith('/')) return { schema: this.#atPointer(resource, name), anchor: null }
    const schema = resource.anchors.get(name)
    if (schema === undefined) throw new SchemaProblem(`it refers to ${reference}, which is not in it`)
    return { schema, anchor: name }
  }

  #newResource(root: JsonNode, uri: string, draft: Draft): Resource {
    if (this.#resources.has(uri)) throw new SchemaProblem(`two schemas have the $id ${uri}`)
    const resource = { uri, root, draft, anchors: new Map<string, Schema>(), dynamicAnchors: new Map<string, Schema>() }
    this.#resources.set(uri, resource)
    return resource
  }

  #walk(node: JsonNode, within: Resource, pointer: string): Schema {
    const resource = within.root === node ? within : this.#embedded(node, within)
    const schema: Schema = { node, resource, pointer }
    this.#schemas.set(node, schema)
    this.#readAnchors(schema)
    for (const [keyword, value] of isOverridden(schema) ? [] : node.members) {
      const kind = SUBSCHEMAS.get(keyword)
      if (kind !== undefined) for (const [child, at] of subschemas(value, kind)) this.#walk(child, resource, `${pointer}/${keyword}${at}`)
      if (keyword === '$dynamicRef' || keyword === '$recursiveRef') this.isDynamic = true
      if (keyword.startsWith('unevaluated')) this.collects = true
    }
    return schema
  }

  #embedded(node: JsonNode, within: Resource): Resource {
    const id = textAt(node, '$id')
    if (id === null || (within.draft === '7' && (id.startsWith('#') || node.members.has('$ref')))) return within
    const uri = absolute(id, within.uri).replace(/#$/, '')
    if (uri.includes('#')) throw new SchemaProblem(`the $id ${id} has a fragment`)
    return this.#newResource(node, uri, draftOf(node) ?? within.draft)
  }

  #readAnchors(schema: Schema): void {
    const { node, resource } = schema
    const id = textAt(node, '$id')
    const dynamic = resource.draft === '2020-12' ? textAt(node, '$dynamicAnchor') : null
    const names = [
      resource.draft === '7' ? null : textAt(node, '$anchor'),
      dynamic,
      resource.draft === '7' && id?.startsWith('#') ? id.slice(1) : null,
    ]
    for (const name of names.filter((name) => name !== null)) {
      if (resource.anchors.has(name)) throw new SchemaProblem(`two schemas have the anchor ${name}`)
      resource.anchors.set(name, schema)
    }
    if (dynamic !== null) resource.dynamicAnchors.set(dynamic, schema)
    // Draft 2019-09 has one dynamic anchor without a name.
    if (resource.draft === '2019-09' && node === resource.root && node.members.get('$recursiveAnchor')?.value === true)
      resource.dynamicAnchors.set('', schema)
  }

  /** What stands at a pointer, also where no keyword says that it is a schema. */
  #atPointer(resource: Resource, pointer: string): Schema {
    let node: JsonNode | undefined = resource.root
    let from = resource
    for (const key of pointer.slice(1).split('/')) {
      const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
      from = this.#schemas.get(node)?.resource ?? from
      node = node.kind === 'array' ? node.items[/^\d+$/.test(name) ? Number(name) : -1] : node.members.get(name)
      if (node === undefined) throw new SchemaProblem(`it refers to #${pointer}, which is not in it`)
    }
    if (node.kind !== 'object' && node.kind !== 'boolean') throw new SchemaProblem(`it refers to #${pointer}, which is no schema`)
    return this.#schemas.get(node) ?? this.#walk(node, from, `#${pointer}`)
  }

  #metaschema(uri: string): Resource | null {
    const known = metaschemas().get(uri)
    if (known === undefined) return null
    const root = JsonNode.of(known)
    return this.add(root, uri, draftOf(root) ?? '2020-12').resource
  }
}

/** In draft 7 a reference stands alone: what is beside it does not count. */
export function isOverridden({ node, resource }: Schema): boolean {
  return resource.draft === '7' && node.members.has('$ref')
}

/** The draft that a schema names. @throws SchemaProblem for one that is not understood */
export function draftOf(node: JsonNode): Draft | null {
  const named = textAt(node, '$schema')
  if (named === null) return null
  const draft = DRAFTS.get(named.replace(/#$/, ''))
  if (draft === undefined) throw new SchemaProblem(`its $schema ${named} is none of ${[...DRAFTS.keys()].join(', ')}`)
  return draft
}

function subschemas(value: JsonNode, kind: 'one' | 'list' | 'map' | 'one-or-list'): readonly (readonly [JsonNode, string])[] {
  const isSchema = ([{ kind: found }]: readonly [JsonNode, string]): boolean => found === 'object' || found === 'boolean'
  if (kind === 'map') return [...value.members].map(([name, member]) => [member, `/${name}`] as const).filter(isSchema)
  if (kind === 'list' || (kind === 'one-or-list' && value.kind === 'array'))
    return value.items.map((item, index) => [item, `/${index}`] as const).filter(isSchema)
  return [[value, ''] as const].filter(isSchema)
}

/** The text of a member; null where it is none. */
export function textAt(node: JsonNode, name: string): string | null {
  const value = node.members.get(name)?.value
  return typeof value === 'string' ? value : null
}

function absolute(reference: string, base: string): string {
  try {
    return new URL(reference, base).href
  } catch {
    throw new SchemaProblem(`${reference} is no reference`)
  }
}

function decode(fragment: string, reference: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    throw new SchemaProblem(`${reference} is no reference`)
  }
}
