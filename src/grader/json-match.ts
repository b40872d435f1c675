/**
 * @file Grader "json-match": the answer is a JSON object, compared field by field.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { compareField } from './compare-field.ts'
import type { FieldComparison } from './compare-field.ts'
import { findJsonObject, wholeJsonObject } from './find-json-object.ts'
import type { JsonObject } from './find-json-object.ts'
import { gradeOf, unusableGold } from './grade-result.ts'

/** Settings of `jsonMatch`. */
export interface JsonMatchOptions {
  /** How each field is compared. Default: every field of the case's expected object, "exact". */
  readonly fields?: Readonly<Record<string, FieldComparison>>
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward is the share of fields that are right, so 1 means all of them. A field that is expected as null or not at all may be null or missing.
 * Profile `reward`: the whole answer is the object, its values have the expected types, and any key beyond the fields gives 0.
 * Profile `eval`: the only object in prose or a code fence counts, and further keys are ignored.
 */
export function jsonMatch(options: JsonMatchOptions = {}): Grader {
  return {
    name: options.name ?? 'json-match',
    kind: 'json-match',
    version: 1,
    settings: { fields: options.fields ?? null },
    weight: options.weight,
    grade(input) {
      const { expected } = input.case
      if (!isObject(expected)) return unusableGold('a JSON object')
      const fields = Object.entries<FieldComparison>(options.fields ?? allExact(expected))
      if (fields.length === 0) return unusableGold('a JSON object with fields')
      const found = findAnswer(input)
      const extra = found === null ? [] : Object.keys(found.object).filter((key) => !fields.some(([name]) => name === key))
      if (found === null || (input.profile === 'reward' && extra.length > 0)) return allWrong(fields, found?.rule ?? null)
      return gradeFields(fields, expected, { ...found, strict: input.profile === 'reward' })
    },
  }
}

function gradeFields(
  fields: readonly (readonly [string, FieldComparison])[],
  expected: JsonObject,
  answer: { readonly object: JsonObject; readonly rule: string; readonly strict: boolean },
): Grade {
  const right = fields.map(([name, comparison]) => {
    const [given, gold] = [ownValue(answer.object, name), ownValue(expected, name)]
    return compareField({ given, gold, comparison, strict: answer.strict })
  })
  const subRewards = Object.fromEntries(fields.map(([name], index) => [name, right[index] ? 1 : 0]))
  const reward = right.filter(Boolean).length / fields.length
  return gradeOf(reward, { subRewards, formatValid: answer.rule === 'whole' || answer.rule === 'parsed', extractionRule: answer.rule })
}

function findAnswer({ parsed, profile }: GradeInput): { readonly object: JsonObject; readonly rule: string } | null {
  if (isObject(parsed)) return { object: parsed, rule: 'parsed' }
  if (typeof parsed !== 'string') return null
  if (profile === 'eval') return findJsonObject(parsed)
  const object = wholeJsonObject(parsed)
  return object === null ? null : { object, rule: 'whole' }
}

function allWrong(fields: readonly (readonly [string, FieldComparison])[], rule: string | null): Grade {
  return gradeOf(0, { subRewards: Object.fromEntries(fields.map(([name]) => [name, 0])), formatValid: false, extractionRule: rule })
}

function allExact(expected: JsonObject): Readonly<Record<string, FieldComparison>> {
  return Object.fromEntries(Object.keys(expected).map((key) => [key, 'exact' as const]))
}

/** Own members only: an answer {} does not "have" toString. */
function ownValue(object: JsonObject, key: string): JsonValue {
  return Object.hasOwn(object, key) ? ((object[key] ?? null) as JsonValue) : null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
