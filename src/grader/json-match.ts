/**
 * @file Grader "json-match": the answer is a JSON object, compared field by field.
 */
import type { JsonValue } from '../base/json.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import { scorePart, unusablePart } from './json/field-score.ts'
import type { PartComparison } from './json/field-score.ts'
import { findJsonObject, wholeJsonObject } from './json/find-json-object.ts'
import type { JsonObject } from './json/find-json-object.ts'
import { checkOptions, COMMON } from './options/check-options.ts'
import { COMPARISONS } from './options/comparisons.ts'
import { GraderOptionsError } from './errors.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { fieldPath, hasOtherMembers, valueAt } from './json/json-field.ts'
import { unknownFields } from './json/unknown-fields.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `jsonMatch`. */
export interface JsonMatchOptions {
  /**
   * How each field is compared. Default: every field of the case's expected object, "exact". A name like "/address/city" or "/items/0/price"
   * is a JSON pointer to a field inside, unless the expected object has a member of that very name. A field that no case expects is refused
   * when the eval is loaded.
   */
  readonly fields?: Readonly<Record<string, PartComparison>>
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward is the mean over the fields, so 1 means all of them are right; fields compared as "list" or "set" earn a share. Where the
 * expected value is a list of alternatives, "one-of" wants one of them and "subset" a list of some. A field that is expected as null or not at all may be null or missing.
 * Profile `reward`: the whole answer is the object, its values have the expected types, and any key beyond the fields gives 0.
 * Profile `eval`: the only object in prose or a code fence counts, and further keys are ignored.
 */
export function jsonMatch(options: JsonMatchOptions = {}): Grader {
  checkOptions<JsonMatchOptions>('jsonMatch', options, { ...COMMON, fields: COMPARISONS.optional() })
  const names = options.fields === undefined ? null : Object.keys(options.fields)
  if (names?.length === 0)
    throw new GraderOptionsError({
      grader: 'jsonMatch',
      problem: 'no field is compared',
      fix: 'name the fields, or leave fields out to compare all of them',
    })
  /** The compared fields of an expected object, or what it would have to be. */
  const fieldsOf = (expected: JsonValue): readonly (readonly [string, PartComparison])[] | string => {
    if (!isObject(expected)) return 'a JSON object'
    const fields = Object.entries<PartComparison>(options.fields ?? allExact(expected))
    return fields.length === 0 ? 'a JSON object with fields' : (unusableField(fields, expected) ?? fields)
  }
  return builtIn({
    name: options.name ?? 'json-match',
    kind: 'json-match',
    // 2: numbers are exact, and an object that the text denies is none. 3: so is one with a name twice.
    version: 3,
    settings: { fields: options.fields ?? null },
    weight: options.weight,
    ...(names !== null && { checkCases: (cases) => unknownFields(cases, names, { what: 'field', objectsOf }) }),
    expectedProblem(expected) {
      const fields = fieldsOf(expected)
      return typeof fields === 'string' ? `not ${fields}` : null
    },
    grade(input) {
      const fields = fieldsOf(input.case.expected)
      if (typeof fields === 'string') return unusableGold(fields)
      const expected = input.case.expected as JsonObject
      const paths = fields.map(([name]) => fieldPath(expected, name))
      const found = findAnswer(input)
      if (found === null || (input.profile === 'reward' && hasOtherMembers(found.object, paths)))
        return allWrong(fields, found?.rule ?? null)
      return gradeFields(fields, expected, { ...found, strict: input.profile === 'reward' })
    },
  })
}

/** Why the expected object cannot be compared with: none of the fields is in it though others are, or one is not what its comparison compares. */
function unusableField(fields: readonly (readonly [string, PartComparison])[], expected: JsonObject): string | null {
  const names = Object.keys(expected)
  if (names.length > 0 && fields.every(([name]) => !names.includes(fieldPath(expected, name)[0] as string)))
    return `an object with any of the fields ${fields.map(([name]) => quoteUntrusted(name)).join(', ')}`
  for (const [name, comparison] of fields) {
    const wanted = unusablePart(valueAt(expected, fieldPath(expected, name)), comparison)
    if (wanted !== null) return `an object whose ${quoteUntrusted(name)} is ${wanted}`
  }
  return null
}

function objectsOf({ expected }: Case): readonly JsonObject[] {
  return isObject(expected) ? [expected] : []
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

export const jsonMatchCard: GraderCard<typeof jsonMatch> = {
  make: jsonMatch,
  family: 'structure',
  compares: 'an object, field by field',
  expected: 'an object',
  rewardDemands: 'nothing but the object, right types, no further keys',
  partialCredit: 'per field',
  example: { make: () => jsonMatch(), expected: { drug: 'ibuprofen' }, right: '{"drug":"ibuprofen"}', wrong: '{"drug":"aspirin"}' },
}
