import { describe, expect, test } from 'vitest'
import { compareGrades } from '../../src/gate/compare-grades.ts'
import type { EvalUnderGate, PairedGrade } from '../../src/gate/verdict.ts'
import { clusteredStderr } from '../../src/stats/clustered-stderr.ts'
import { clusteredTangoInterval, clusteredTangoNonInferiority } from '../../src/stats/clustered-tango.ts'
import { mcnemar } from '../../src/stats/mcnemar.ts'
import { signFlip } from '../../src/stats/sign-flip.ts'
import { tangoNonInferiority } from '../../src/stats/tango.ts'
import { tiltedInterval, tiltedNonInferiority } from '../../src/stats/tilted-margin.ts'
import { comparison, evalOf, pairs, policyOf } from './make-eval.ts'

const settings = { policy: policyOf(), smallestAlpha: 0.01 }
const numbersOf = (evaluated: EvalUnderGate) => compareGrades(evaluated, evaluated.comparisons.parent, settings)

/** One row a case and repeat, from rewards before and after. */
function graded(rows: readonly (readonly [before: number, after: number])[], repeatCount = 1): EvalUnderGate {
  const list = rows.map(([before, after], i): PairedGrade => {
    const caseId = `case-${Math.floor(i / repeatCount)}`
    return { caseId, repeat: i % repeatCount, cluster: null, before, after, passBefore: before >= 0.5, passAfter: after >= 0.5 }
  })
  return evalOf(
    'graded',
    { n: 1, lost: 0, gained: 0 },
    { graded: true, repeats: repeatCount, comparisons: { parent: comparison('graded', 'parent', list) } },
  )
}

describe('compareGrades()', () => {
  test('compareGrades() uses McNemar and Tango for single passes of cases that stand alone', () => {
    const numbers = numbersOf(evalOf('e', { n: 200, lost: 12, gained: 4 }))
    expect(numbers).toMatchObject({
      method: 'mcnemar, tango',
      n: 200,
      lost: 12,
      gained: 4,
      clusters: null,
      designEffect: null,
      flipRate: 0.08,
    })
    expect(numbers.pLoss).toBe(mcnemar(12, 4).pLoss)
    expect(numbers.pNonInferior).toBe(tangoNonInferiority({ n: 200, lost: 12, gained: 4 }, 0.05).p)
    expect(numbers.difference).toBeCloseTo(-0.04, 12)
    expect([numbers.before, numbers.after]).toEqual([0.8, 0.76])
  })

  test('compareGrades() sees through clusters that fell together', () => {
    const alone = numbersOf(evalOf('e', { n: 600, lost: 24, gained: 0 }))
    const together = numbersOf(evalOf('e', { n: 600, lost: 24, gained: 0, clusterSize: 12 }))
    const values = pairs({ n: 600, lost: 24, gained: 0 }).map(({ before, after }) => (after ?? 0) - (before ?? 0))
    const expected = clusteredStderr(
      values,
      values.map((_, i) => Math.floor(i / 12)),
    ).designEffect
    expect(together).toMatchObject({ method: 'sign-flip, clustered tango', clusters: 50 })
    expect(together.designEffect).toBeCloseTo(expected, 10)
    expect(together.designEffect).toBeGreaterThan(10)
    // Two clusters were lost, none gained: as proof of loss worth 1/4, and not 2^-24.
    expect(together.pLoss).toBe(0.25)
    expect(alone.pLoss).toBeCloseTo(2 ** -24, 12)
    expect(together.interval[0]).toBeLessThan(alone.interval[0])
    expect(alone.pNonInferior).toBeGreaterThan(0.05)
    expect(together.pNonInferior).toBeGreaterThan(alone.pNonInferior)
  })

  test('compareGrades() does not profit from clusters that look better than independent', () => {
    // Every cluster of two has one lost and one gained case or none: the estimate alone would be 0.
    const balanced = Array.from({ length: 200 }, (_, i): PairedGrade => {
      const passBefore = i % 2 === 0
      const passAfter = i < 40 ? !passBefore : passBefore
      return { caseId: `k${i}`, repeat: 0, cluster: `c${i >> 1}`, before: 0, after: 0, passBefore, passAfter }
    })
    const numbers = numbersOf(evalOf('e', { n: 1, lost: 0, gained: 0 }, { comparisons: { parent: comparison('e', 'parent', balanced) } }))
    expect(numbers.designEffect).toBe(1)
  })

  test('compareGrades() treats clusters of one case as cases that stand alone', () => {
    const named = pairs({ n: 100, lost: 5, gained: 2 }).map((pair) => ({ ...pair, cluster: pair.caseId }))
    const numbers = numbersOf(evalOf('e', { n: 1, lost: 0, gained: 0 }, { comparisons: { parent: comparison('e', 'parent', named) } }))
    expect(numbers.method).toBe('mcnemar, tango')
  })

  test('compareGrades() takes the margin test of graded scores from their changes by cluster', () => {
    const list = pairs({ n: 300, lost: 0, gained: 0, clusterSize: 3 }).map((pair, i) => ({
      ...pair,
      before: 0.8,
      after: i % 7 === 0 ? 0.55 : 0.8,
    }))
    const numbers = numbersOf(
      evalOf('e', { n: 1, lost: 0, gained: 0 }, { graded: true, comparisons: { parent: comparison('e', 'parent', list) } }),
    )
    const clusters = Array.from({ length: 100 }, (_, c) => [0, 1, 2].map((at) => ((3 * c + at) % 7 === 0 ? 0.55 - 0.8 : 0)))
    expect(numbers.pNonInferior).toBeCloseTo(tiltedNonInferiority(clusters, 0.05).p, 12)
    expect(numbers.interval[0]).toBeCloseTo(tiltedInterval(clusters, 0.05)[0], 9)
  })

  test('compareGrades() averages repeats within their case before it tests', () => {
    // 200 cases of 4 repeats; ten cases lose one repeat each: 10 changed cases, not 10 of 800 independent ones.
    const rows = Array.from({ length: 800 }, (_, i): [number, number] => [1, i < 40 && i % 4 === 0 ? 0 : 1])
    const numbers = numbersOf({ ...graded(rows, 4), graded: false })
    expect(numbers).toMatchObject({ method: 'sign-flip, tilted', n: 200, lost: 0, gained: 0 })
    expect(numbers.difference).toBeCloseTo(-0.0125, 12)
    expect(numbers.pLoss).toBeCloseTo(2 ** -10, 12)
    expect(numbers.pNonInferior).toBeLessThan(0.05)
  })

  test('compareGrades() compares rewards where the eval is graded', () => {
    const rows = Array.from({ length: 200 }, (_, i): [number, number] => [0.6 + (i % 5) * 0.05, 0.6 + (i % 5) * 0.05 - (i % 2) * 0.02])
    const numbers = numbersOf(graded(rows))
    expect(numbers).toMatchObject({ method: 'sign-flip, tilted', lost: 0, gained: 0 })
    expect(numbers.difference).toBeCloseTo(-0.01, 12)
    expect(numbers.pLoss).toBeLessThan(0.001)
    expect(numbers.pNonInferior).toBeLessThan(0.05)
    expect(numbers.interval[0]).toBeGreaterThan(-0.05)
    expect(numbersOf(graded(rows))).toEqual(numbers)
  })

  test('compareGrades() is not certain of graded cases that never changed when they are few', () => {
    const still = (n: number) => numbersOf(graded(Array.from({ length: n }, () => [0.7, 0.7] as const)))
    expect(still(58).pNonInferior).toBeGreaterThan(0.05)
    expect(still(58).interval[0]).toBeLessThan(-0.05)
    expect(still(59).pNonInferior).toBeLessThan(0.05)
    expect(still(59).interval[0]).toBeGreaterThan(-0.05)
  })

  test('compareGrades() takes graded clusters that never changed for one case each', () => {
    const still = (clusterSize: number) => {
      const list = pairs({ n: 600, lost: 0, gained: 0, clusterSize })
      return numbersOf(
        evalOf('e', { n: 1, lost: 0, gained: 0 }, { graded: true, comparisons: { parent: comparison('e', 'parent', list) } }),
      )
    }
    expect(still(15).pNonInferior).toBeCloseTo(0.95 ** 40, 12)
    expect(still(3).pNonInferior).toBeLessThan(0.001)
  })

  test('compareGrades() agrees with itself: a graded margin test passes exactly when the interval clears the margin', () => {
    for (let shift = 0; shift < 40; shift++) {
      const rows = Array.from({ length: 70 }, (_, i): [number, number] => [0.8, 0.8 - shift * 0.002 + Math.sin(i * 7) * 0.15])
      const { pNonInferior, interval } = numbersOf(graded(rows))
      expect(pNonInferior <= 0.05).toBe(interval[0] > -0.05)
    }
  })

  test('compareGrades() knows nothing of an eval that could not be graded at all', () => {
    const none = pairs({ n: 20, lost: 0, gained: 0 }).map((pair) => ({ ...pair, passAfter: null, after: null }))
    const numbers = numbersOf(evalOf('e', { n: 1, lost: 0, gained: 0 }, { comparisons: { parent: comparison('e', 'parent', none) } }))
    expect(numbers).toMatchObject({ n: 0, errors: 20, errorShare: 1, pLoss: 1, pNonInferior: 1, interval: [-1, 1] })
  })

  test('compareGrades() takes the margin test of clustered passes from each cluster’s size, losses and gains', () => {
    const numbers = numbersOf(evalOf('e', { n: 600, lost: 30, gained: 18, clusterSize: 12 }))
    // Cases 0 to 29 are lost and 480 to 497 gained: two clusters and a half, and one cluster and a half.
    const counts = Array.from({ length: 50 }, (_, c) => ({
      ...{ size: 12, lost: c < 2 ? 12 : c === 2 ? 6 : 0, gained: c === 40 ? 12 : c === 41 ? 6 : 0 },
    }))
    expect(numbers.pNonInferior).toBeCloseTo(clusteredTangoNonInferiority(counts, 0.05).p, 12)
    expect(numbers.interval[0]).toBeCloseTo(clusteredTangoInterval(counts, 0.05)[0], 9)
  })

  test('compareGrades() counts changes of repeats in whole passes, so that equal changes are equal', () => {
    // Of 3 repeats each: six cases lose one pass, two lose two, two gain one.
    const times = (count: number, share: [number, number]): [number, number][] => Array.from({ length: count }, () => share)
    const shares = [...times(6, [3, 2]), ...times(2, [3, 1]), ...times(2, [1, 2])]
    const rows = shares.flatMap(([before, after]) => [0, 1, 2].map((i): [number, number] => [Number(i < before), Number(i < after)]))
    const numbers = numbersOf({ ...graded(rows, 3), graded: false })
    const passes = shares.map(([before, after]) => after - before)
    expect(numbers.pLoss).toBe(signFlip(passes, { resamples: 2000, seed: 'any' }).pLoss)
  })
})
