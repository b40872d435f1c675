/**
 * @file The drafts of JSON Schema that are understood: their keywords, where subschemas stand in them, and their metaschemas.
 */
import { readFileSync } from 'node:fs'
import { editDistanceOf } from '../text/levenshtein.ts'

/** A draft by its short name. */
export type Draft = '7' | '2019-09' | '2020-12'

/** Drafts by the URI of their metaschema, without a fragment. */
export const DRAFTS: ReadonlyMap<string, Draft> = new Map<string, Draft>([
  ['http://json-schema.org/draft-07/schema', '7'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
])

const words = (text: string): readonly string[] => text.split(' ')

const COMMON = words(
  '$schema $id $ref $comment title description default examples readOnly writeOnly contentEncoding contentMediaType format definitions ' +
    'type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern items maxItems minItems uniqueItems ' +
    'contains maxProperties minProperties required properties patternProperties additionalProperties propertyNames if then else allOf anyOf oneOf not',
)
const SINCE_2019 = words(
  '$anchor $defs $vocabulary deprecated contentSchema maxContains minContains dependentRequired dependentSchemas unevaluatedItems unevaluatedProperties',
)

const KEYWORDS: Readonly<Record<Draft, ReadonlySet<string>>> = {
  '7': new Set([...COMMON, ...words('additionalItems dependencies')]),
  '2019-09': new Set([...COMMON, ...SINCE_2019, ...words('additionalItems $recursiveRef $recursiveAnchor')]),
  '2020-12': new Set([...COMMON, ...SINCE_2019, ...words('prefixItems $dynamicRef $dynamicAnchor')]),
}

/** Keywords that would change what is allowed if they were understood: of other drafts, and of OpenAPI. */
const MEANINGFUL = new Set([
  ...Object.values(KEYWORDS).flatMap((keywords) => [...keywords]),
  'nullable',
  'discriminator',
  'id',
  'extends',
  'disallow',
])
/** These say nothing about values, so a draft that does not know them may have them. */
const HARMLESS = new Set(words('$defs $vocabulary deprecated contentSchema'))

/** Why a keyword cannot stand in a schema of a draft: it would be ignored although its author meant something; null when it can. */
export function keywordProblem(keyword: string, draft: Draft): string | null {
  if (KEYWORDS[draft].has(keyword) || HARMLESS.has(keyword)) return null
  if (MEANINGFUL.has(keyword)) return `draft ${draft} has no keyword "${keyword}"`
  const meant = keyword.length < 4 || keyword.length > 25 ? undefined : [...KEYWORDS[draft]].find((known) => isSlip(keyword, known))
  return meant === undefined ? null : `"${keyword}" is no keyword; "${meant}" is`
}

/** A slip in one of these would change nothing. */
const ANNOTATIONS = new Set(
  words('title description default examples readOnly writeOnly contentEncoding contentMediaType contentSchema deprecated $comment'),
)

function isSlip(keyword: string, known: string): boolean {
  if (ANNOTATIONS.has(known) || known.length < 4) return false
  const letters = (word: string): string => Array.from(word.toLowerCase()).toSorted().join('')
  // Also two letters that changed places, case aside: tpye.
  return letters(keyword) === letters(known) || editDistanceOf(keyword, known) <= (known.length > 5 ? 2 : 1)
}

/** How subschemas stand in a keyword's value: as the value, in a list, in an object by name, or in either of the first two. */
export const SUBSCHEMAS: ReadonlyMap<string, 'one' | 'list' | 'map' | 'one-or-list'> = new Map([
  ...words(
    'not if then else additionalProperties propertyNames contains additionalItems unevaluatedItems unevaluatedProperties contentSchema',
  ).map((keyword) => [keyword, 'one'] as const),
  ...words('allOf anyOf oneOf prefixItems').map((keyword) => [keyword, 'list'] as const),
  ...words('properties patternProperties dependentSchemas dependencies $defs definitions').map((keyword) => [keyword, 'map'] as const),
  ['items', 'one-or-list'] as const,
])

let loaded: ReadonlyMap<string, unknown> | null = null

/** The metaschemas and vocabularies of the drafts, by URI. */
export function metaschemas(): ReadonlyMap<string, unknown> {
  loaded ??= new Map(
    Object.entries(JSON.parse(readFileSync(new URL('./metaschemas.json', import.meta.url), 'utf8')) as Record<string, unknown>),
  )
  return loaded
}
