import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gradedHeldShare } from '../../scripts/graded-simulation.ts'
import { tiltedInterval, tiltedNonInferiority } from '../../src/stats/tilted-margin.ts'

/** Independent reference values, computed in Python from the same formula. */
const PATTERN = [
  [0, 0, 0],
  [0.25, 0, 0],
  [-0.5, -0.25, 0],
  [0, 0, 0],
  [0, 0.5, 0.25],
  [0, 0, 0],
  [0, -0.25, 0],
  [0, 0, 0],
  [0.25, 0.25, 0],
  [0, 0, 0],
  [-1, 0, 0],
  [0, 0, 0],
  [0, 0, 0.5],
  [0, 0],
  [0, 0, 0, 0],
  [0, 0, -0.25],
]
const CLUSTERS = Array.from({ length: 5 }, () => PATTERN).flat()
const ALONE = CLUSTERS.flat().map((change) => [change])

const changeLists = fc.array(
  fc.array(
    fc.integer({ min: -4, max: 4 }).map((quarters) => quarters / 4),
    { minLength: 1, maxLength: 5 },
  ),
  { minLength: 2, maxLength: 120 },
)

describe('tiltedNonInferiority()', () => {
  test('tiltedNonInferiority() agrees with the reference in clusters and for cases that stand alone', () => {
    const clustered = tiltedNonInferiority(CLUSTERS, 0.05)
    expect(clustered.t).toBeCloseTo(2.1631142934949814, 9)
    expect(clustered.p).toBeCloseTo(0.016777905754867945, 9)
    expect(clustered.degreesOfFreedom).toBe(79)
    const alone = tiltedNonInferiority(ALONE, 0.05)
    expect(alone.t).toBeCloseTo(2.6196047481038818, 9)
    expect(alone.p).toBeCloseTo(0.004683310370253757, 9)
    expect(alone.degreesOfFreedom).toBe(239)
  })

  test('tiltedNonInferiority() is not certain of what never changed', () => {
    const still = (cases: number) =>
      tiltedNonInferiority(
        Array.from({ length: cases }, () => [0]),
        0.05,
      ).p
    expect(still(58)).toBeCloseTo(0.95 ** 58, 12)
    expect(still(59)).toBeLessThan(0.05)
    expect(
      tiltedNonInferiority(
        Array.from({ length: 40 }, () => Array.from({ length: 15 }, () => 0)),
        0.05,
      ).p,
    ).toBeCloseTo(0.95 ** 40, 12)
  })

  test('tiltedNonInferiority() does not take small losses as proof that there are no large ones', () => {
    // Ten cases that lost half a point each: a fifth of them could have been lost whole and nobody would know.
    expect(
      tiltedNonInferiority(
        Array.from({ length: 10 }, () => [-0.5]),
        0.6,
      ).p,
    ).toBeCloseTo(0.9 ** 10, 12)
  })

  test('tiltedNonInferiority() does not profit from clusters whose changes cancel', () => {
    const balanced = Array.from({ length: 200 }, (_, i) => (i < 40 ? [0.5, -0.5] : [0, 0]))
    const alone = balanced.flat().map((change) => [change])
    expect(tiltedNonInferiority(balanced, 0.05).t).toBeLessThanOrEqual(tiltedNonInferiority(alone, 0.05).t)
  })

  test('tiltedNonInferiority() says nothing about one cluster, or about a loss beyond the margin', () => {
    expect(tiltedNonInferiority([[0, 0, 0]], 0.05).p).toBe(1)
    expect(tiltedNonInferiority([], 0.05).p).toBe(1)
    expect(
      tiltedNonInferiority(
        Array.from({ length: 300 }, () => [-1]),
        0.05,
      ).p,
    ).toBe(1)
    expect(
      tiltedNonInferiority(
        Array.from({ length: 400 }, (_, i) => [i % 20 === 0 ? -1 : 0]),
        0.05,
      ),
    ).toMatchObject({ t: 0, p: 0.5 })
  })

  // Seeded; the bounds are the nominal rate plus three standard errors. The bootstrap limit had 9.5 % in the first of these.
  test.each([
    { kind: 'whole losses only', cases: 150, clusterSize: 1, follow: 0 },
    { kind: 'whole losses and gains', cases: 150, clusterSize: 1, follow: 0 },
    { kind: 'partial credit', cases: 150, clusterSize: 1, follow: 0 },
    { kind: '4 repeats', cases: 150, clusterSize: 1, follow: 0 },
    { kind: 'small steps', cases: 600, clusterSize: 1, follow: 0 },
    { kind: 'whole losses only', cases: 600, clusterSize: 3, follow: 0.5 },
    { kind: 'partial credit', cases: 600, clusterSize: 3, follow: 0.5 },
    { kind: '4 repeats', cases: 600, clusterSize: 3, follow: 0.5 },
  ] as const)(
    'tiltedNonInferiority() calls at most 5 % HELD at a true loss of the margin: $kind, $cases in clusters of $clusterSize',
    (scenario) => {
      expect(gradedHeldShare({ ...scenario, loss: 0.05 }, 1000)).toBeLessThan(0.05 + 3 * 0.007)
      expect(gradedHeldShare({ ...scenario, loss: 0 }, 200)).toBeGreaterThan(0.4)
    },
  )
})

describe('tiltedInterval()', () => {
  test('tiltedInterval() clears the margin exactly when the test passes', () => {
    fc.assert(
      fc.property(changeLists, fc.integer({ min: 1, max: 60 }), (clusters, points) => {
        const margin = points / 100
        const { p } = tiltedNonInferiority(clusters, margin)
        const [lower] = tiltedInterval(clusters, 0.05)
        if (Math.abs(p - 0.05) > 1e-9) expect(lower > -margin).toBe(p <= 0.05)
      }),
    )
  })

  test('tiltedInterval() mirrors itself and holds the mean', () => {
    fc.assert(
      fc.property(changeLists, (clusters) => {
        const [lower, upper] = tiltedInterval(clusters, 0.05)
        const [back, there] = tiltedInterval(
          clusters.map((cluster) => cluster.map((change) => -change)),
          0.05,
        )
        expect(back).toBeCloseTo(-upper, 9)
        expect(there).toBeCloseTo(-lower, 9)
        const all = clusters.flat()
        const mean = all.reduce((sum, change) => sum + change, 0) / all.length
        expect(lower).toBeLessThanOrEqual(mean + 1e-12)
        expect(upper).toBeGreaterThanOrEqual(mean - 1e-12)
      }),
    )
  })
})
