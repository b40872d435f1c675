/**
 * @file Grader "edit-distance": how close the answer's spelling is to the expected text's.
 */
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseText } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { checkOptions, COMMON, FLAG, NUMBER } from './options/check-options.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { editDistanceOf } from './text/levenshtein.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `editDistance`. */
export interface EditDistanceOptions {
  /** Least similarity, 0 to 1, that earns anything. Default 0. */
  readonly minSimilarity?: number
  /** Profile `eval` only: letter case, Unicode form and white space do not count. Default false. */
  readonly ignoreCase?: boolean
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a text, number or boolean'

/**
 * Reward is 1 minus the Levenshtein distance by the length of the longer text (UTF-16 code units), without white space at their ends.
 * Unrelated texts of one language are still about 0.2 alike: as a reward it wants a `minSimilarity`.
 * What differs beyond 10,000 characters counts as wrong without being compared, which bounds the time.
 * @throws GraderOptionsError
 */
export function editDistance(options: EditDistanceOptions = {}): Grader {
  checkOptions<EditDistanceOptions>('editDistance', options, {
    ...COMMON,
    minSimilarity: NUMBER.optional(),
    ignoreCase: FLAG.optional(),
  })
  const { minSimilarity = 0, ignoreCase = false } = options
  if (!(minSimilarity >= 0 && minSimilarity <= 1))
    throw new GraderOptionsError({ grader: 'editDistance', problem: 'minSimilarity is not from 0 to 1', fix: 'give for example 0.8' })
  return builtIn({
    name: options.name ?? 'edit-distance',
    kind: 'edit-distance',
    version: 1,
    settings: { minSimilarity, ignoreCase },
    weight: options.weight,
    expectedProblem: (expected) => (typeof expected === 'object' ? `not ${WANTED}` : null),
    grade(input) {
      const { expected } = input.case
      if (typeof expected === 'object') return unusableGold(WANTED)
      const answer = answerText(input)
      if (answer === null) return gradeOf(0, { formatValid: false })
      const gold = String(expected)
      const exact = similarityOf(answer.trim(), gold.trim())
      const lenient = ignoreCase && input.profile === 'eval' ? similarityOf(normaliseText(answer), normaliseText(gold)) : 0
      const similarity = Math.max(exact, lenient)
      return gradeOf(similarity >= minSimilarity ? similarity : 0, { extractionRule: 'whole' })
    },
  })
}

function similarityOf(given: string, gold: string): number {
  const longer = Math.max(given.length, gold.length)
  return longer === 0 ? 1 : 1 - editDistanceOf(given, gold) / longer
}

export const editDistanceCard: GraderCard<typeof editDistance> = {
  make: editDistance,
  family: 'likeness',
  compares: 'spelling',
  expected: 'text, number, boolean',
  rewardDemands: '`ignoreCase` does not count',
  partialCredit: 'yes; `minSimilarity`',
  example: { make: () => editDistance({ minSimilarity: 0.8 }), expected: 'paracetamol', right: 'paracetamol', wrong: 'ibuprofen' },
}
