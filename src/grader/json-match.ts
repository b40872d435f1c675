/**
 * @file Grader "json-match": the answer is a JSON object, compared field by field.
 */
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { answerText } from './answer-text.ts'
import { scorePart } from './json/field-score.ts'
import type { PartComparison } from './json/field-score.ts'
import { findJsonObject, wholeJsonObject } from './json/find-json-object.ts'
import type { JsonObject } from './json/find-json-object.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { fieldPath, hasOtherMembers, valueAt } from './json/json-field.ts'

/** Settings of `jsonMatch`. */
export interface JsonMatchOptions {
  /**
   * How each field is compared. Default: every field of the case's expected object, "exact". A name like "/address/city" or "/items/0/price"
   * is a JSON pointer to a field inside, unless the expected object has a member of that very name.
   */
  readonly fields?: Readonly<Record<string, PartComparison>>
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward is the mean over the fields, so 1 means all of them are right; fields compared as "list" or "set" earn a share. A field that is expected as null or not at all may be null or missing.
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
      const fields = Object.entries<PartComparison>(options.fields ?? allExact(expected))
      if (fields.length === 0) return unusableGold('a JSON object with fields')
      const found = findAnswer(input)
      const paths = fields.map(([name]) => fieldPath(expected, name))
      if (found === null || (input.profile === 'reward' && hasOtherMembers(found.object, paths)))
        return allWrong(fields, found?.rule ?? null)
      return gradeFields(fields, expected, { ...found, strict: input.profile === 'reward' })
    },
  }
}

function gradeFields(
  fields: readonly (readonly [string, PartComparison])[],
  expected: JsonObject,
  answer: { readonly object: JsonObject; readonly rule: string; readonly strict: boolean },
): Grade {
  const scores = fields.map(([name, comparison]) => {
    const path = fieldPath(expected, name)
    const [given, gold] = [valueAt(answer.object, path), valueAt(expected, path)]
    return scorePart({ given, gold, comparison, strict: answer.strict })
  })
  const subRewards = Object.fromEntries(fields.map(([name], index) => [name, scores[index] as number]))
  const reward = scores.reduce((sum, score) => sum + score, 0) / fields.length
  return gradeOf(reward, { subRewards, formatValid: answer.rule === 'whole' || answer.rule === 'parsed', extractionRule: answer.rule })
}

function findAnswer(input: GradeInput): { readonly object: JsonObject; readonly rule: string } | null {
  if (isObject(input.parsed)) return { object: input.parsed, rule: 'parsed' }
  const text = answerText(input)
  if (text === null) return null
  if (input.profile === 'eval') return findJsonObject(text)
  const object = wholeJsonObject(text)
  return object === null ? null : { object, rule: 'whole' }
}

function allWrong(fields: readonly (readonly [string, PartComparison])[], rule: string | null): Grade {
  return gradeOf(0, { subRewards: Object.fromEntries(fields.map(([name]) => [name, 0])), formatValid: false, extractionRule: rule })
}

function allExact(expected: JsonObject): Readonly<Record<string, PartComparison>> {
  return Object.fromEntries(Object.keys(expected).map((key) => [key, 'exact' as const]))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
