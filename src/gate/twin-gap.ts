/**
 * @file The gap between cases and their twins: a model that learned the feature answers both, one that learned the wording answers the case alone.
 * Takes what a grade record holds; it judges nothing.
 */
import { clusteredStderr } from '../stats/clustered-stderr.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { tangoInterval } from '../stats/tango.ts'

/** A grade as far as the gap needs it. A grade record satisfies it; `pass` null means "could not be graded". */
export interface TwinGrade {
  readonly caseId: string
  readonly pass: boolean | null
}

/** Pass shares of the cases that have twins, and of their twins. `gap` is cases minus twins, with its interval. */
export interface TwinGap {
  /** Pairs of a case and a twin that could both be graded. */
  readonly pairs: number
  readonly caseShare: number
  readonly twinShare: number
  readonly gap: number
  readonly interval: readonly [lower: number, upper: number]
}

/**
 * The gap over all pairs, null without any. Several repeats of a case count as their mean. Each end of the interval misses the truth with probability
 * `alpha`: Tango's score interval where every share is 0 or 1, else Student's t over the original cases.
 */
export function twinGap(
  grades: { readonly cases: readonly TwinGrade[]; readonly twins: readonly TwinGrade[]; readonly twinOf: ReadonlyMap<string, string> },
  alpha = 0.025,
): TwinGap | null {
  const cases = sharesByCase(grades.cases)
  const pairs = [...sharesByCase(grades.twins)].flatMap(([id, twin]) => {
    const original = grades.twinOf.get(id)
    const own = original === undefined ? undefined : cases.get(original)
    return own === undefined || original === undefined ? [] : [{ original, own, twin }]
  })
  if (pairs.length === 0) return null
  const average = (value: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length
  const [caseShare, twinShare] = [average(({ own }) => own), average(({ twin }) => twin)]
  return { pairs: pairs.length, caseShare, twinShare, gap: caseShare - twinShare, interval: intervalOf(pairs, alpha) }
}

function sharesByCase(grades: readonly TwinGrade[]): Map<string, number> {
  const sums = new Map<string, { passes: number; count: number }>()
  for (const { caseId, pass } of grades) {
    if (pass === null) continue
    const { passes, count } = sums.get(caseId) ?? { passes: 0, count: 0 }
    sums.set(caseId, { passes: passes + Number(pass), count: count + 1 })
  }
  return new Map([...sums].map(([id, { passes, count }]) => [id, passes / count]))
}

interface Pair {
  readonly original: string
  readonly own: number
  readonly twin: number
}

function intervalOf(pairs: readonly Pair[], alpha: number): readonly [number, number] {
  const isBinary = pairs.every(({ own, twin }) => (own === 0 || own === 1) && (twin === 0 || twin === 1))
  const isSingle = new Set(pairs.map(({ original }) => original)).size === pairs.length
  if (isBinary && isSingle) {
    const gained = pairs.filter(({ own, twin }) => own > twin).length
    const lost = pairs.filter(({ own, twin }) => own < twin).length
    return tangoInterval({ n: pairs.length, lost, gained }, alpha)
  }
  if (pairs.length < 2) return [-1, 1]
  const differences = pairs.map(({ own, twin }) => own - twin)
  const estimate = clusteredStderr(
    differences,
    pairs.map(({ original }) => original),
  )
  const reach = studentTQuantile(1 - alpha, Math.max(1, estimate.clusters - 1)) * estimate.clusteredStderr
  return [Math.max(-1, estimate.mean - reach), Math.min(1, estimate.mean + reach)]
}
