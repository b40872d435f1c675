/**
 * @file JSON as a tree whose numbers are exact and whose members are own members only: what schemas are read from and what they are asked about.
 */
import { decimalOf } from '../exact/decimal.ts'
import type { Decimal } from '../exact/decimal.ts'
import { isWhole, numberKey } from '../exact/decimal-order.ts'

/** The six kinds of JSON values. */
export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

/** One value of a JSON text. */
export class JsonNode {
  readonly kind: JsonKind
  readonly value: string | boolean | null
  readonly number: Decimal | null
  readonly items: readonly JsonNode[]
  readonly members: ReadonlyMap<string, JsonNode>
  #key: string | null = null
  #names: readonly JsonNode[] | null = null

  private constructor(kind: JsonKind, parts: Partial<Pick<JsonNode, 'value' | 'number' | 'items' | 'members'>>) {
    this.kind = kind
    this.value = parts.value ?? null
    this.number = parts.number ?? null
    this.items = parts.items ?? NO_ITEMS
    this.members = parts.members ?? NO_MEMBERS
  }

  /** The JSON of a text, at most as deep as the stack is. @throws SyntaxError as JSON.parse does */
  static parse(text: string): JsonNode {
    const plain: unknown = JSON.parse(text)
    return MAYBE_ROUNDED.test(text) ? JsonNode.#of(JSON.parse(text.replaceAll(TOKENS, tagged)), true) : JsonNode.of(plain)
  }

  /** A value as it is. Whole numbers beyond 2^53 have been rounded before they came here: `parse` reads them exactly. */
  static of(value: unknown): JsonNode {
    return JsonNode.#of(value, false)
  }

  static #of(value: unknown, isTagged: boolean): JsonNode {
    if (value === null || value === undefined) return new JsonNode('null', {})
    if (typeof value === 'boolean') return new JsonNode('boolean', { value })
    if (typeof value === 'string' && !(isTagged && value.startsWith('n')))
      return new JsonNode('string', { value: isTagged ? value.slice(1) : value })
    if (Array.isArray(value)) return new JsonNode('array', { items: value.map((item) => JsonNode.#of(item, isTagged)) })
    if (typeof value === 'string') return new JsonNode('number', { number: decimalOf(value.slice(1)) })
    if (typeof value === 'number' || typeof value === 'bigint') return new JsonNode('number', { number: decimalOf(String(value)) })
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return new JsonNode('object', {
      members: new Map(members.map(([key, member]) => [isTagged ? key.slice(1) : key, JsonNode.#of(member, isTagged)])),
    })
  }

  /** Whether it is of a type as schemas name it. */
  isType(type: string): boolean {
    return type === 'integer' ? this.number !== null && isWhole(this.number) : this.kind === type
  }

  /** One text for each value: equal values, in whatever order their members stand, have the same. */
  get key(): string {
    this.#key ??= this.#makeKey()
    return this.#key
  }

  #makeKey(): string {
    if (this.number !== null) return numberKey(this.number)
    if (this.kind === 'array') return `[${this.items.map(({ key }) => key).join()}]`
    if (this.kind !== 'object') return JSON.stringify(this.value)
    const names = [...this.members.keys()].toSorted()
    return `{${names.map((name) => `${JSON.stringify(name)}:${(this.members.get(name) as JsonNode).key}`).join()}}`
  }

  /** The names of its members, as values. */
  get names(): readonly JsonNode[] {
    this.#names ??= [...this.members.keys()].map((name) => JsonNode.of(name))
    return this.#names
  }
}

const NO_ITEMS: readonly JsonNode[] = []
const NO_MEMBERS: ReadonlyMap<string, JsonNode> = new Map()

/** Sixteen digits in a row or an exponent: all other numbers survive JSON.parse. */
const MAYBE_ROUNDED = /[\d.]{16}|\d[eE]/
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/** Texts get an s in front, numbers become texts with an n: then nothing is rounded and nothing can be mistaken. */
function tagged(token: string): string {
  return token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`
}
