/**
 * @file What more completions of a case buy, as the rows of a table: at least one right, the vote, the best by the graders, and the tokens they cost.
 */
import { expectedBest, majorityOf, scalingSteps } from '../../stats/inference-scaling.ts'
import { reduceRepeats } from '../../stats/reducers.ts'
import { passOutcome } from './graded-cases.ts'
import type { GradedCase } from './graded-cases.ts'
import { completionTokens } from './token-totals.ts'

/** Means over the cases with at least k graded repeats; null where there is none. */
export interface ScalingRow {
  readonly k: number
  readonly cases: number
  /** Unbiased chance that at least one of k passes. */
  readonly passAtK: number | null
  /** Unbiased chance that all of k pass. */
  readonly passHatK: number | null
  /** Share of passes of the commonest answer among k. */
  readonly majority: number | null
  /** Expected reward of the best of k by the eval's graders. */
  readonly bestReward: number | null
  /** Drawn tokens for k completions of a case; null where they are not known. */
  readonly tokens: number | null
}

/** Rows for 1, 2, 4 and so on up to `repeats`. */
export function inferenceScaling(cases: readonly GradedCase[], repeats: number): readonly ScalingRow[] {
  const drawn = cases.flatMap(({ records }) => records.map(completionTokens))
  const tokensEach = drawn.includes(null) ? null : meanOf(drawn)
  return scalingSteps(repeats).map((k) => {
    const enough = cases.map(gradedRepeats).filter((graded) => graded.length >= k)
    const passes = enough.map((graded) => graded.map(passOutcome))
    return {
      k,
      cases: enough.length,
      passAtK: meanOf(passes.map((graded) => reduceRepeats(`pass@${k}`, graded))),
      passHatK: meanOf(passes.map((graded) => reduceRepeats(`pass^${k}`, graded))),
      majority: meanOf(passes.map((graded) => majorityOf(graded, k))),
      bestReward: meanOf(
        enough.map((graded) =>
          expectedBest(
            graded.map(({ value }) => value as number),
            k,
          ),
        ),
      ),
      tokens: tokensEach === null ? null : tokensEach * k,
    }
  })
}

function gradedRepeats({ repeats }: GradedCase): GradedCase['repeats'] {
  return repeats.filter(({ value }) => value !== null)
}

function meanOf(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null)
  return given.length === 0 ? null : given.reduce((sum, value) => sum + value, 0) / given.length
}
