/**
 * @file Grader "one-of": the whole answer is one of the accepted answers.
 */
import { z } from 'zod'
import type { JsonValue } from '../base/json.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseText, unquoted } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { checkOptions, COMMON } from './options/check-options.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `oneOf`. */
export interface OneOfOptions {
  /** Accepted answers of every case. Default: each case's expected answer is its own list. */
  readonly values?: readonly (string | number | boolean)[]
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a list of texts, numbers or booleans'

/**
 * Reward 1 when the answer, without white space at its ends, is one of the accepted answers; else 0.
 * Profile `reward`: character by character. Profile `eval`: letter case, Unicode form, white space, quotes and a final period do not count.
 * @throws GraderOptionsError
 */
export function oneOf(options: OneOfOptions = {}): Grader {
  const value = z.union([z.string(), z.number(), z.boolean()], 'must be a text, number or boolean')
  const values = z.array(value, 'must be a list of texts, numbers and booleans').optional()
  checkOptions<OneOfOptions>('oneOf', options, { ...COMMON, values })
  if (options.values?.length === 0)
    throw new GraderOptionsError({
      grader: 'oneOf',
      problem: 'no answer is accepted',
      fix: 'give values with at least one answer, or none at all',
    })
  return builtIn({
    name: options.name ?? 'one-of',
    kind: 'one-of',
    version: 1,
    settings: { values: options.values === undefined ? null : [...options.values] },
    weight: options.weight,
    expectedProblem: (expected) => (options.values === undefined && answersOf(expected) === null ? `not ${WANTED}` : null),
    grade(input) {
      const accepted = options.values?.map(String) ?? answersOf(input.case.expected)
      if (accepted === null) return unusableGold(WANTED)
      const answer = answerText(input)?.trim()
      if (answer === undefined) return gradeOf(0, { formatValid: false })
      if (accepted.some((value) => value.trim() === answer)) return gradeOf(1, { formatValid: true, extractionRule: 'whole' })
      if (input.profile === 'reward') return gradeOf(0, { formatValid: false })
      const plain = unquoted(normaliseText(answer))
      const same = accepted.some((value) => unquoted(normaliseText(value)) === plain)
      return gradeOf(same ? 1 : 0, { formatValid: same, extractionRule: same ? 'unquoted' : null })
    },
  })
}

function answersOf(expected: JsonValue): readonly string[] | null {
  const list = (Array.isArray(expected) ? expected : [expected]) as readonly JsonValue[]
  return list.length === 0 || list.some((value) => typeof value === 'object') ? null : list.map(String)
}

export const oneOfCard: GraderCard<typeof oneOf> = {
  make: oneOf,
  family: 'text',
  compares: 'the whole answer with several',
  expected: 'one or a list of them, or `values`',
  rewardDemands: 'the very characters',
  partialCredit: 'no',
  example: { make: () => oneOf(), expected: ['yes', 'sure'], right: 'sure', wrong: 'no' },
}
