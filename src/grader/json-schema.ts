/**
 * @file Grader "json-schema": the answer is JSON that a schema allows.
 */
import { z } from 'zod'
import { isJsonValue } from '../base/json.ts'
import type { JsonValue } from '../base/json.ts'
import type { GradeInput, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { compileSchema } from './json/compile-schema.ts'
import type { FormatUse } from './json/compile-schema.ts'
import { findJsonObject } from './json/find-json-object.ts'
import { withCallSite } from './options/call-site.ts'
import { checkOptions, choice, COMMON } from './options/check-options.ts'
import { gradeOf, ungraded } from './grade-result.ts'
import { isShallow } from './json/json-depth.ts'
import { hasRepeatedName } from './json/repeated-names.ts'
import { JsonNode } from './schema/json-node.ts'
import type { GraderCard } from './grader-card.ts'

const MAX_CHARACTERS = 1_000_000
const MAX_DEPTH = 100

/** Settings of `jsonSchema`. */
export interface JsonSchemaOptions {
  /**
   * A JSON schema of draft 2020-12, 2019-09 or 7 (by its `$schema`, else 2020-12), complete in itself, or its JSON text, which keeps numbers
   * beyond 2^53 as they are. Its patterns run on RE2.
   */
  readonly schema: JsonValue
  /**
   * Whether `format` is checked or only an annotation. Default "assert"; a schema that names draft 2020-12, where formats are annotations,
   * must say, unless each stands beside a type or a pattern, as z.toJSONSchema writes them.
   */
  readonly formats?: FormatUse
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward 1 when the answer is JSON that the schema allows; else 0. What the case expects does not count: a schema sees the form of an answer,
 * not whether it is right, so as a reward it belongs beside a grader that does. Numbers are compared by their digits, members are own members.
 * Profile `reward`: the whole answer is the JSON. Profile `eval`: else the only object in a code fence or in prose counts.
 * Answers of more than a million characters or 100 levels are wrong.
 * @throws JsonSchemaUnusableError, PatternUnusableError
 */
export function jsonSchema(options: JsonSchemaOptions): Grader {
  checkOptions<JsonSchemaOptions>('jsonSchema', options, {
    ...COMMON,
    schema: z.unknown(),
    formats: choice('assert', 'annotation').optional(),
  })
  const allows = compileSchema(options, withCallSite('graders.jsonSchema({ schema })'))
  return builtIn({
    name: options.name ?? 'json-schema',
    kind: 'json-schema',
    // 2: validated without rounding, by the standard's own suite. 3: a name that stands twice in an object makes it none.
    version: 3,
    settings: { schema: options.schema, ...(options.formats === undefined ? {} : { formats: options.formats }) },
    weight: options.weight,
    // An object is an answer all the same: what is right elsewhere must not pass here.
    traits: { expectsAnswer: (expected) => typeof expected === 'object' && expected !== null },
    grade(input) {
      const found = findJson(input)
      if (found === null) return gradeOf(0, { formatValid: false })
      if (found.node === null)
        return ungraded('NUMBER_ROUNDED', "the eval's parse gave a number beyond 2^53, which JavaScript rounds: keep its text")
      const isValid = allows(found.node)
      const bare = found.rule === 'whole' || found.rule === 'parsed'
      return gradeOf(isValid ? 1 : 0, { formatValid: isValid && bare, extractionRule: found.rule })
    },
  })
}

/** Null where there is no JSON; its node null where it is not what was written. */
function findJson({ parsed, profile }: GradeInput): { readonly node: JsonNode | null; readonly rule: string } | null {
  if (typeof parsed !== 'string') return parsedJson(parsed)
  if (parsed.length > MAX_CHARACTERS) return null
  try {
    return isShallow(JSON.parse(parsed), MAX_DEPTH) && !hasRepeatedName(parsed) ? { node: JsonNode.parse(parsed), rule: 'whole' } : null
  } catch {
    const found = profile === 'eval' ? findJsonObject(parsed) : null
    return found === null || !isShallow(found.object, MAX_DEPTH) ? null : { node: JsonNode.parse(found.source), rule: found.rule }
  }
}

function parsedJson(value: unknown): { readonly node: JsonNode | null; readonly rule: string } | null {
  if (!isShallow(value, MAX_DEPTH) || !isJsonValue(value)) return null
  return { node: hasRounded(value) ? null : JsonNode.of(value), rule: 'parsed' }
}

function hasRounded(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value)
  return typeof value === 'object' && value !== null && Object.values(value).some((member) => hasRounded(member))
}

export const jsonSchemaCard: GraderCard<typeof jsonSchema> = {
  make: jsonSchema,
  family: 'structure',
  compares: 'the form of JSON',
  expected: 'not looked at',
  rewardDemands: 'nothing but the JSON',
  partialCredit: 'no',
  example: { make: () => jsonSchema({ schema: { required: ['drug'] } }), expected: null, right: '{"drug":"ibuprofen"}', wrong: '{}' },
}
