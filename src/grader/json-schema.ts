/**
 * @file Grader "json-schema": the answer is JSON that a schema allows.
 */
import { z } from 'zod'
import type { JsonValue } from '../base/json.ts'
import type { GradeInput, Grader } from '../eval/grader.ts'
import { compileSchema } from './json/compile-schema.ts'
import { findJsonObject } from './json/find-json-object.ts'
import { withCallSite } from './options/call-site.ts'
import { checkOptions, COMMON } from './options/check-options.ts'
import { gradeOf } from './grade-result.ts'
import { isShallow } from './json/json-depth.ts'

const MAX_CHARACTERS = 1_000_000
const MAX_DEPTH = 100

/** Settings of `jsonSchema`. */
export interface JsonSchemaOptions {
  /** A JSON schema of draft 2020-12, 2019-09 or 7 (by its `$schema`, else 2020-12), complete in itself. Its patterns run on RE2. */
  readonly schema: JsonValue
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward 1 when the answer is JSON that the schema allows; else 0. What the case expects does not count: a schema sees the form of an answer,
 * not whether it is right, so as a reward it belongs beside a grader that does.
 * Profile `reward`: the whole answer is the JSON. Profile `eval`: else the only object in a code fence or in prose counts.
 * Answers of more than a million characters or 100 levels are wrong. A schema that refers to itself from two branches of one anyOf or oneOf
 * can take time exponential in the depth of an answer: tell such branches apart by a const before the reference.
 * @throws JsonSchemaUnusableError, PatternUnusableError
 */
export function jsonSchema(options: JsonSchemaOptions): Grader {
  checkOptions<JsonSchemaOptions>('jsonSchema', options, { ...COMMON, schema: z.unknown() })
  const validate = compileSchema(options.schema, withCallSite('graders.jsonSchema({ schema })'))
  return {
    name: options.name ?? 'json-schema',
    kind: 'json-schema',
    version: 1,
    settings: { schema: options.schema },
    weight: options.weight,
    grade(input) {
      const found = findJson(input)
      if (found === null || !isShallow(found.value, MAX_DEPTH)) return gradeOf(0, { formatValid: false })
      const valid = validate(found.value)
      const bare = found.rule === 'whole' || found.rule === 'parsed'
      return gradeOf(valid ? 1 : 0, { formatValid: valid && bare, extractionRule: found.rule })
    },
  }
}

function findJson({ parsed, profile }: GradeInput): { readonly value: unknown; readonly rule: string } | null {
  if (typeof parsed !== 'string') return parsed === undefined ? null : { value: parsed, rule: 'parsed' }
  if (parsed.length > MAX_CHARACTERS) return null
  try {
    return { value: JSON.parse(parsed), rule: 'whole' }
  } catch {
    const found = profile === 'eval' ? findJsonObject(parsed) : null
    return found === null ? null : { value: JSON.parse(found.source) as unknown, rule: found.rule }
  }
}
