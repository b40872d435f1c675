/**
 * @file How many cases would settle an INCONCLUSIVE eval at the flip rate that was measured. For the reader: it changes no rule.
 */
import { ALONE, heldSampleSize } from '../stats/held-sample-size.ts'
import { mcnemarSampleSize, nonInferioritySampleSize } from '../stats/sample-size.ts'
import type { TestDesign } from '../stats/sample-size.ts'
import type { ComparisonNumbers } from './verdict.ts'

/** Beyond this no number of cases is advice. */
const MOST_CASES = 1_000_000

/**
 * Cases that would show an old eval to be HELD if nothing was lost; where that many were already there, cases for the difference that was
 * measured: as HELD while it lies inside the margin, as REGRESSED beyond it. Null where no number of cases would do.
 */
export function neededForHeld(numbers: ComparisonNumbers, margin: number, design: TestDesign): number | null {
  const { n, designEffect, clusters, meanSquaredChange: square, difference } = numbers
  const question = {
    margin,
    test: numbers.method === 'sign-flip, tilted' ? ('tilted' as const) : ('tango' as const),
    clusters: clusters === null ? ALONE : { designEffect: designEffect ?? 1, wholeCluster: n / clusters },
  }
  const ifHarmless = heldSampleSize({ square, mean: 0 }, question, design)
  if (ifHarmless !== null && ifHarmless > n) return ifHarmless
  const asHeld = heldSampleSize({ square, mean: difference }, question, design)
  return plausible(asHeld ?? (designEffect ?? 1) * mcnemarSampleSize(square, difference, design), n)
}

/** Cases that would show a target's minimum effect, or tell its measured gain from that effect where there were enough for the first. */
export function neededForImproved(numbers: ComparisonNumbers, minEffect: number, design: TestDesign): number | null {
  const effect = numbers.designEffect ?? 1
  const gain = Math.max(minEffect, numbers.difference)
  const toSee = gain > 0 ? Math.ceil(effect * mcnemarSampleSize(numbers.meanSquaredChange, gain, design)) : 0
  if (toSee > numbers.n) return plausible(toSee, numbers.n)
  const distance = Math.abs(minEffect - numbers.difference)
  return distance === 0 ? null : plausible(effect * nonInferioritySampleSize(spread(numbers), distance, design), numbers.n)
}

function spread({ meanSquaredChange, difference }: ComparisonNumbers): number {
  return Math.max(0, meanSquaredChange - difference * difference)
}

function plausible(cases: number, n: number): number | null {
  return cases > n && cases <= MOST_CASES ? Math.ceil(cases) : null
}
