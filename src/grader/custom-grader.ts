/**
 * @file Makes a grader from a team's own function.
 */
import { sha256 } from '../base/hash.ts'
import { isJsonValue } from '../base/json.ts'
import type { JsonValue } from '../base/json.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { z } from 'zod'
import { GraderOptionsError } from './errors.ts'
import { ABOVE_ZERO, checkOptions, COMMON } from './options/check-options.ts'
import { gradeOf, ungraded } from './grade-result.ts'
import type { GraderCard } from './grader-card.ts'

/** What a grading function may give: right or wrong, a reward from 0 to 1, null for "could not be graded", or a grade with any of its members. */
export type CustomVerdict = boolean | number | null | ({ readonly reward: number | null } & Partial<Grade>)

/** Settings of `grader`. */
export interface CustomGraderOptions {
  readonly weight?: number
  /** How long one grade may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** What the function depends on besides its code and what that imports; part of the grader's hash. */
  readonly settings?: JsonValue
}

/**
 * A grader from a function, which must give the same verdict for the same input. Its identity is that of the eval's code, with all that it imports
 * (src/identity/identify-user-code.ts), and its settings: what the function reads from elsewhere does not show, so put a version of that into `settings`.
 * @throws GraderOptionsError
 * @example
 * grader('polite', ({ completion }) => completion.text.includes('please'))
 */
export function grader(
  name: string,
  decide: (input: GradeInput) => CustomVerdict | Promise<CustomVerdict>,
  options: CustomGraderOptions = {},
): Grader {
  if (typeof name !== 'string' || name === '' || typeof decide !== 'function')
    throw new GraderOptionsError({
      grader: 'custom',
      problem: 'it wants a name and a function',
      fix: "write graders.custom('short', ({ completion }) => completion.text.length < 80)",
    })
  const settings = z.custom((value) => isJsonValue(value), 'must be JSON').optional()
  checkOptions<CustomGraderOptions>('custom', options, { weight: COMMON.weight, timeoutMs: ABOVE_ZERO.optional(), settings })
  return {
    name,
    kind: 'custom',
    version: 1,
    settings: options.settings ?? null,
    weight: options.weight,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    sourceHash: sha256(decide.toString()).slice(0, 16),
    grade: (input) => {
      const verdict = decide(input)
      return isPromise(verdict) ? verdict.then(toGrade) : toGrade(verdict)
    },
  }
}

// Not by instanceof: the function may come from another realm.
function isPromise(verdict: CustomVerdict | Promise<CustomVerdict>): verdict is Promise<CustomVerdict> {
  return typeof verdict === 'object' && verdict !== null && 'then' in verdict
}

/** What is not a verdict passes through as it is: src/grading/grade-completion.ts refuses it with the grader's name. */
function toGrade(verdict: CustomVerdict): Grade {
  if (typeof verdict === 'boolean') return gradeOf(verdict ? 1 : 0)
  if (typeof verdict === 'number') return gradeOf(verdict)
  if (verdict === null) return ungraded('GRADER_ABSTAINED', 'the grader gave null')
  return typeof verdict === 'object' && 'reward' in verdict ? { ...gradeOf(0), ...verdict } : verdict
}

export const customCard: GraderCard<typeof grader> = {
  make: grader,
  family: 'own',
  compares: 'what your function gives',
  expected: 'whatever it reads',
  rewardDemands: 'what it does with `profile`',
  partialCredit: 'yes',
  example: {
    make: () => grader('same', ({ completion, case: row }) => completion.text === row.expected),
    expected: 'yes',
    right: 'yes',
    wrong: 'no',
  },
}
