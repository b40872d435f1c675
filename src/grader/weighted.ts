/**
 * @file Grader "weighted": the weighted mean of other graders' rewards, as one grader.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { z } from 'zod'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { CombinationInvalidError } from './formula/errors.ts'
import { withCallSite } from './options/call-site.ts'
import { checkOptions, COMMON, GRADER, NUMBER } from './options/check-options.ts'
import { combinedGrade, gradeParts, partHashes, partsTimeoutMs } from './formula/grade-parts.ts'
import type { CombinedGrader, NamedGraders } from './formula/grade-parts.ts'
import { exactMatch } from './exact-match.ts'
import { inheritedFrom } from './grader-hash.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `weighted`. */
export interface WeightedOptions {
  /** The parts, each with a name of its own. */
  readonly graders: readonly Grader[]
  /** One number above 0 for each part. Default: the parts' own weights, else 1. */
  readonly weights?: readonly number[]
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward is the weighted mean; null, with the errors, when a part could not be graded. The parts are named in the sub-rewards.
 * @throws CombinationInvalidError, GraderOptionsError
 */
export function weighted(options: WeightedOptions): CombinedGrader {
  checkOptions<WeightedOptions>('weighted', options, {
    ...COMMON,
    graders: z.array(GRADER, 'must be a list of graders'),
    weights: z.array(NUMBER, 'must be a list of numbers, one for each grader').optional(),
  })
  const name = options.name ?? 'weighted'
  const parts: NamedGraders = options.graders.map((grader) => [grader.name, grader])
  const weights = options.weights ?? options.graders.map((grader) => grader.weight ?? 1)
  const problem = problemOf(parts, weights)
  if (problem !== null) throw new CombinationInvalidError({ where: withCallSite(`grader ${quoteUntrusted(name)}`), problem })
  return builtIn({
    name,
    kind: 'weighted',
    version: 1,
    settings: { graders: partHashes(parts), weights: parts.map(([part], index) => [part, weights[index] as number]) },
    weight: options.weight,
    timeoutMs: partsTimeoutMs(parts),
    parts: Object.fromEntries(parts),
    ...inheritedFrom(options.graders),
    grade: (input) => gradeParts(parts, input, (grades) => weightedGrade(parts, grades, weights)),
  })
}

function problemOf(parts: NamedGraders, weights: readonly number[]): string | null {
  const names = parts.map(([name]) => name)
  if (names.length === 0) return 'there are none'
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) return `two are called ${quoteUntrusted(repeated)}`
  if (weights.length !== names.length) return `there are ${names.length} graders and ${weights.length} weights`
  const bad = weights.find((weight) => !(Number.isFinite(weight) && weight > 0))
  return bad === undefined ? null : `${bad} is no weight above 0`
}

function weightedGrade(parts: NamedGraders, grades: readonly Grade[], weights: readonly number[]): Grade {
  const failed = grades.filter(({ reward }) => reward === null)
  if (failed.length > 0) return { ...combinedGrade(parts, grades, 0), reward: null, errors: failed.flatMap(({ errors }) => errors) }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const sum = grades.reduce((sum, { reward }, index) => sum + (reward as number) * (weights[index] as number), 0)
  // Rounding may carry the quotient past 1 by one unit.
  return combinedGrade(parts, grades, Math.min(1, sum / total))
}

export const weightedCard: GraderCard<typeof weighted> = {
  make: weighted,
  family: 'combination',
  compares: 'the weighted mean of other graders',
  expected: 'as these',
  rewardDemands: 'as these',
  partialCredit: 'yes',
  example: { make: () => weighted({ graders: [exactMatch()] }), expected: 'yes', right: 'yes', wrong: 'no' },
}
