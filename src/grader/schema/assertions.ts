/**
 * @file Keywords that ask about a value itself: its type, size, text. A value of a kind that a keyword does not speak of passes it.
 */
import { decimalToNumber } from '../exact/decimal.ts'
import type { Decimal } from '../exact/decimal.ts'
import type { Asked, Keyword } from './check.ts'
import { schemaPattern } from './ecma-pattern.ts'
import { compareNumbers, isMultipleOf } from '../exact/decimal-order.ts'
import { formatCheck, hasFormat } from './formats.ts'
import type { JsonNode } from './json-node.ts'

type Test = (asked: Asked) => boolean

/** The question of a keyword that needs no other schema; null for any other keyword. @throws PatternUnusableError, SchemaProblem */
export function assertionCheck(part: Keyword): Test | null {
  const make = ASSERTIONS[part.keyword]
  return make === undefined || !Object.hasOwn(ASSERTIONS, part.keyword) ? null : make(part)
}

const onNumbers = (decide: (given: Decimal, limit: Decimal) => boolean): ((part: Keyword) => Test) => {
  return ({ value: { number: limit } }) =>
    ({ node: { number } }) =>
      number === null || limit === null || decide(number, limit)
}

const onSize = (sizeOf: (node: JsonNode) => number | null, decide: (size: number, limit: number) => boolean): ((part: Keyword) => Test) => {
  return ({ value }) => {
    const limit = value.number === null ? 0 : decimalToNumber(value.number)
    return ({ node }) => {
      const size = sizeOf(node)
      return size === null || decide(size, limit)
    }
  }
}

/** In characters as people count them, not UTF-16 code units. */
function lengthOf({ kind, value }: JsonNode): number | null {
  if (kind !== 'string' || typeof value !== 'string') return null
  let length = 0
  for (let at = 0; at < value.length; length++) at += (value.codePointAt(at) as number) > 0xffff ? 2 : 1
  return length
}

const itemCount = ({ kind, items }: JsonNode): number | null => (kind === 'array' ? items.length : null)
const memberCount = ({ kind, members }: JsonNode): number | null => (kind === 'object' ? members.size : null)
const atMost = (size: number, limit: number): boolean => size <= limit
const atLeast = (size: number, limit: number): boolean => size >= limit
const hasAll = (node: JsonNode, names: readonly JsonNode[]): boolean => names.every(({ value }) => node.members.has(String(value)))

const oneOfValues = (values: readonly JsonNode[]): Test => {
  const keys = new Set(values.map(({ key }) => key))
  const kinds = new Set(values.map(({ kind }) => kind))
  return ({ node }) => kinds.has(node.kind) && keys.has(node.key)
}

const ASSERTIONS: Readonly<Record<string, (part: Keyword) => Test | null>> = {
  type: ({ value }) => {
    const types = (value.kind === 'array' ? value.items : [value]).map((type) => String(type.value))
    return ({ node }) => types.some((type) => node.isType(type))
  },
  enum: ({ value }) => oneOfValues(value.items),
  const: ({ value }) => oneOfValues([value]),
  multipleOf: onNumbers(isMultipleOf),
  maximum: onNumbers((given, limit) => compareNumbers(given, limit) <= 0),
  minimum: onNumbers((given, limit) => compareNumbers(given, limit) >= 0),
  exclusiveMaximum: onNumbers((given, limit) => compareNumbers(given, limit) < 0),
  exclusiveMinimum: onNumbers((given, limit) => compareNumbers(given, limit) > 0),
  maxLength: onSize(lengthOf, atMost),
  minLength: onSize(lengthOf, atLeast),
  maxItems: onSize(itemCount, atMost),
  minItems: onSize(itemCount, atLeast),
  maxProperties: onSize(memberCount, atMost),
  minProperties: onSize(memberCount, atLeast),
  uniqueItems: ({ value }) =>
    value.value !== true ? null : ({ node }) => new Set(node.items.map(({ key }) => key)).size === node.items.length,
  required:
    ({ value }) =>
    ({ node }) =>
      node.kind !== 'object' || hasAll(node, value.items),
  dependentRequired: ({ value }) => {
    const needs = [...value.members].map(([name, names]) => [name, names.items] as const)
    return ({ node }) => needs.every(([name, names]) => !node.members.has(name) || hasAll(node, names))
  },
  pattern: ({ value, where }) => {
    const test = schemaPattern(String(value.value), where)
    return ({ node: { kind, value: text } }) => kind !== 'string' || test(String(text))
  },
  format: ({ value, formats, schema }) => {
    const name = String(value.value)
    // What exports a format of its own writes its pattern beside it.
    const test = formats && (hasFormat(name) || !schema.node.members.has('pattern')) ? formatCheck(name) : null
    return test === null ? null : ({ node: { kind, value: text } }) => kind !== 'string' || test(String(text))
  },
}
