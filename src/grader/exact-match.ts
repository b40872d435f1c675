/**
 * @file Grader "exact-match": the whole answer is the expected text. Nothing is searched for in prose, in either profile.
 */
import type { Grader, GraderTraits } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseText } from './answer-text.ts'
import { checkOptions, COMMON, FLAG } from './options/check-options.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { RFT_EXPECTED, RFT_SAMPLE } from './rft/rft-json.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `exactMatch`. */
export interface ExactMatchOptions {
  readonly name?: string
  readonly weight?: number
  /** Profile `eval` only: letter case, Unicode form and white space do not count. Default false. */
  readonly ignoreCase?: boolean
}

const WANTED = 'a text, number or boolean'

/** Reward 1 when the answer, without white space at its ends, is exactly the expected text, number or boolean; else 0. */
export function exactMatch(options: ExactMatchOptions = {}): Grader {
  checkOptions<ExactMatchOptions>('exactMatch', options, { ...COMMON, ignoreCase: FLAG.optional() })
  const ignoreCase = options.ignoreCase ?? false
  return builtIn({
    name: options.name ?? 'exact-match',
    kind: 'exact-match',
    version: 1,
    settings: { ignoreCase },
    weight: options.weight,
    expectedProblem: (expected) => (typeof expected === 'object' ? `not ${WANTED}` : null),
    traits: { toRft: stringCheck },
    grade(input) {
      const { expected } = input.case
      if (typeof expected === 'object') return unusableGold(WANTED)
      const gold = String(expected).trim()
      const answer = answerText(input)?.trim() ?? null
      if (answer === null) return gradeOf(0, { formatValid: false })
      const lenient = ignoreCase && input.profile === 'eval'
      const same = lenient ? normaliseText(answer) === normaliseText(gold) : answer === gold
      return gradeOf(same ? 1 : 0, { extractionRule: 'whole' })
    },
  })
}

const stringCheck: NonNullable<GraderTraits['toRft']> = ({ approximate }) =>
  approximate
    ? { json: { type: 'string_check', input: RFT_SAMPLE, reference: RFT_EXPECTED, operation: 'eq' } }
    : { problem: 'forgives white space at the ends, and string_check does not (approximate: true writes it all the same)' }

export const exactMatchCard: GraderCard<typeof exactMatch> = {
  make: exactMatch,
  family: 'text',
  compares: 'the whole answer',
  expected: 'text, number, boolean',
  rewardDemands: 'the very characters (`ignoreCase` is for `eval`)',
  partialCredit: 'no',
  example: { make: () => exactMatch(), expected: '14 days', right: '14 days', wrong: '15 days' },
}
