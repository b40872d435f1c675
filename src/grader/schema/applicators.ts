/**
 * @file Keywords that hold other schemas: for the same value, or for members and items.
 */
import { decimalToNumber } from '../exact/decimal.ts'
import type { Asked, Keyword } from './check.ts'
import { schemaPattern } from './ecma-pattern.ts'
import type { JsonNode } from './json-node.ts'
import type { Schema } from './schema-set.ts'

type Test = (asked: Asked) => boolean

/** The question of a keyword that holds schemas; null for any other keyword. @throws SchemaProblem, PatternUnusableError */
export function applicatorCheck(part: Keyword): Test | null {
  const make = APPLICATORS[part.keyword]
  return make === undefined || !Object.hasOwn(APPLICATORS, part.keyword) ? null : make(part)
}

const isSchema = ({ kind }: JsonNode): boolean => kind === 'object' || kind === 'boolean'
const one = ({ value, set }: Keyword): Schema => set.at(value)
const listed = ({ value, set }: Keyword): readonly Schema[] => value.items.map((item) => set.at(item))
const sibling = ({ schema, set }: Keyword, name: string): Schema | null => {
  const node = schema.node.members.get(name)
  return node === undefined || !isSchema(node) ? null : set.at(node)
}

/** References in place. */
const reference: (part: Keyword) => Test = ({ value, schema, set }) => {
  const target = set.resolve(String(value.value), schema).schema
  return ({ run, node, evaluated }) => run.holdsFor(target, node, evaluated)
}

const dynamicReference: (part: Keyword) => Test = ({ keyword, value, schema, set }) => {
  const { schema: target, anchor } = set.resolve(String(value.value), schema)
  const name = keyword === '$recursiveRef' ? '' : anchor
  const isDynamic = name !== null && target.resource.dynamicAnchors.get(name) === target
  return ({ run, node, evaluated }) => run.holdsFor(isDynamic ? run.outermost(name, target) : target, node, evaluated)
}

/** Members by name. */
const dependent: (part: Keyword) => Test = ({ value, set }) => {
  const needs = [...value.members].map(([name, member]) => {
    const names = member.kind === 'array' ? member.items.map((item) => String(item.value)) : null
    return { name, names, schema: names === null ? set.at(member) : null }
  })
  return ({ run, node, evaluated }) =>
    needs.every(({ name, names, schema }) => {
      if (!node.members.has(name)) return true
      return schema === null ? (names ?? []).every((other) => node.members.has(other)) : run.holdsFor(schema, node, evaluated)
    })
}

/** A schema for members that no name and no pattern beside it speaks of. */
const additional: (part: Keyword) => Test = (part) => {
  const schema = one(part)
  const { members } = part.schema.node
  const names = members.get('properties')?.members ?? new Map<string, JsonNode>()
  const patterns = [...(members.get('patternProperties')?.members.keys() ?? [])].map((pattern) => schemaPattern(pattern, part.where))
  return ({ run, node, evaluated }) =>
    [...node.members].every(([name, member]) => {
      if (names.has(name) || patterns.some((test) => test(name))) return true
      if (run.collects) evaluated.names.add(name)
      return run.evaluate(schema, member) !== null
    })
}

const unevaluatedMembers: (part: Keyword) => Test = (part) => {
  const schema = one(part)
  return ({ run, node, evaluated }) =>
    [...node.members].every(([name, member]) => {
      if (evaluated.names.has(name)) return true
      evaluated.names.add(name)
      return run.evaluate(schema, member) !== null
    })
}

/** Items by index. */
function itemsFrom(start: number, schema: Schema): Test {
  return ({ run, node, evaluated }) =>
    node.items.every((item, index) => {
      if (index < start) return true
      if (run.collects) evaluated.items.add(index)
      return run.evaluate(schema, item) !== null
    })
}

function itemsInTurn(schemas: readonly Schema[]): Test {
  return ({ run, node, evaluated }) =>
    schemas.every((schema, index) => {
      const item = node.items[index]
      if (item === undefined) return true
      if (run.collects) evaluated.items.add(index)
      return run.evaluate(schema, item) !== null
    })
}

const unevaluatedItems: (part: Keyword) => Test = (part) => {
  const schema = one(part)
  return ({ run, node, evaluated }) =>
    node.items.every((item, index) => {
      if (evaluated.items.has(index)) return true
      evaluated.items.add(index)
      return run.evaluate(schema, item) !== null
    })
}

const contains: (part: Keyword) => Test = (part) => {
  const schema = one(part)
  const { members } = part.schema.node
  const counts = part.schema.resource.draft !== '7'
  const limit = (name: string, otherwise: number): number => {
    const number = counts ? (members.get(name)?.number ?? null) : null
    return number === null ? otherwise : decimalToNumber(number)
  }
  const [least, most] = [limit('minContains', 1), limit('maxContains', Infinity)]
  const isEvaluated = part.schema.resource.draft === '2020-12'
  return ({ run, node, evaluated }) => {
    if (node.kind !== 'array') return true
    const found = [...node.items.keys()].filter((index) => run.evaluate(schema, node.items[index] as JsonNode) !== null)
    if (run.collects && isEvaluated) for (const index of found) evaluated.items.add(index)
    return found.length >= least && found.length <= most
  }
}

const APPLICATORS: Readonly<Record<string, (part: Keyword) => Test | null>> = {
  $ref: reference,
  $dynamicRef: dynamicReference,
  $recursiveRef: dynamicReference,
  allOf: (part) => {
    const schemas = listed(part)
    return ({ run, node, evaluated }) => schemas.every((schema) => run.holdsFor(schema, node, evaluated))
  },
  anyOf: (part) => {
    const schemas = listed(part)
    return ({ run, node, evaluated }) => {
      if (!run.collects) return schemas.some((schema) => run.holdsFor(schema, node, evaluated))
      return schemas.filter((schema) => run.holdsFor(schema, node, evaluated)).length > 0
    }
  },
  oneOf: (part) => {
    const schemas = listed(part)
    return ({ run, node, evaluated }) => schemas.filter((schema) => run.holdsFor(schema, node, evaluated)).length === 1
  },
  not: (part) => {
    const schema = one(part)
    return ({ run, node }) => run.evaluate(schema, node) === null
  },
  if: (part) => {
    const [condition, then, otherwise] = [one(part), sibling(part, 'then'), sibling(part, 'else')]
    return ({ run, node, evaluated }) => {
      const branch = run.holdsFor(condition, node, evaluated) ? then : otherwise
      return branch === null || run.holdsFor(branch, node, evaluated)
    }
  },
  dependentSchemas: dependent,
  dependencies: dependent,
  properties: ({ value, set }) => {
    const schemas = [...value.members].map(([name, member]) => [name, set.at(member)] as const)
    return ({ run, node, evaluated }) =>
      schemas.every(([name, schema]) => {
        const member = node.members.get(name)
        if (member === undefined) return true
        if (run.collects) evaluated.names.add(name)
        return run.evaluate(schema, member) !== null
      })
  },
  patternProperties: ({ value, set, where }) => {
    const schemas = [...value.members].map(([pattern, member]) => [schemaPattern(pattern, where), set.at(member)] as const)
    return ({ run, node, evaluated }) =>
      [...node.members].every(([name, member]) =>
        schemas.every(([test, schema]) => {
          if (!test(name)) return true
          if (run.collects) evaluated.names.add(name)
          return run.evaluate(schema, member) !== null
        }),
      )
  },
  additionalProperties: additional,
  propertyNames: (part) => {
    const schema = one(part)
    return ({ run, node }) => node.kind !== 'object' || node.names.every((name) => run.evaluate(schema, name) !== null)
  },
  unevaluatedProperties: unevaluatedMembers,
  prefixItems: (part) => itemsInTurn(listed(part)),
  items: (part) => {
    if (part.value.kind === 'array') return itemsInTurn(listed(part))
    return itemsFrom(
      part.schema.resource.draft === '2020-12' ? (part.schema.node.members.get('prefixItems')?.items.length ?? 0) : 0,
      one(part),
    )
  },
  additionalItems: (part) => {
    const before = part.schema.node.members.get('items')
    return before?.kind === 'array' ? itemsFrom(before.items.length, one(part)) : null
  },
  unevaluatedItems,
  contains,
}
