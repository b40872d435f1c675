import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusteredTangoInterval, clusteredTangoNonInferiority } from '../../src/stats/clustered-tango.ts'
import type { ClusterCounts } from '../../src/stats/clustered-tango.ts'
import { studentTUpperTail } from '../../src/stats/student-t.ts'
import { constrainedCounts, tangoZ } from '../../src/stats/tango.ts'

/** Clusters of one size: so many lost whole, gained whole, and left as they were. */
const whole = (size: number, [lost, gained, kept]: readonly [number, number, number]): ClusterCounts[] => [
  ...Array.from({ length: lost }, () => ({ size, lost: size, gained: 0 })),
  ...Array.from({ length: gained }, () => ({ size, lost: 0, gained: size })),
  ...Array.from({ length: kept }, () => ({ size, lost: 0, gained: 0 })),
]

const clusterList = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([size, changed, split]): ClusterCounts => {
      const count = changed < 0.6 ? 0 : Math.round(size * changed)
      const lost = Math.round(count * split)
      return { size, lost, gained: count - lost }
    }),
  { minLength: 2, maxLength: 80 },
)

describe('clustered tango', () => {
  test('clusteredTangoNonInferiority() takes clusters that changed whole for one case each', () => {
    const { z } = clusteredTangoNonInferiority(whole(7, [9, 6, 85]), 0.05)
    // 100 clusters of 7 that change as one hold what 100 cases hold.
    expect(z).toBeCloseTo(tangoZ({ n: 100, lost: 9, gained: 6 }, -0.05), 12)
  })

  test('clusteredTangoNonInferiority() counts the changed clusters, not the clusters, as degrees of freedom', () => {
    // As many losses as the margin asks for and more: nothing is imputed and the weights are the ratio to the constrained counts.
    const { z, p } = clusteredTangoNonInferiority(whole(3, [30, 5, 165]), 0.05)
    const expected = constrainedCounts({ n: 600, lost: 90, gained: 15 }, -0.05)
    const [lost, gained] = [Math.min(1, expected.lost / 90), Math.min(1, expected.gained / 15)]
    const imputed = Math.max(0, expected.gained - 15) * 3
    const squares = 9 * (30 * lost + 5 * gained) + imputed
    const degreesOfFreedom = squares ** 2 / (81 * (30 * lost ** 2 + 5 * gained ** 2)) - 1
    expect(degreesOfFreedom).toBeLessThan(60)
    expect(p).toBeCloseTo(studentTUpperTail(z, degreesOfFreedom), 12)
  })

  test('clusteredTangoNonInferiority() assumes unseen losses to come by the cluster', () => {
    // Nothing changed: 600 cases in 200 clusters are 200 cases, in 40 clusters too few for 5 points.
    const [many, few] = [whole(3, [0, 0, 200]), whole(15, [0, 0, 40])]
    expect(clusteredTangoNonInferiority(many, 0.05).z).toBeCloseTo(Math.sqrt((200 * 0.05) / 0.95), 12)
    expect(clusteredTangoNonInferiority(many, 0.05).p).toBeLessThan(0.01)
    const { z, p } = clusteredTangoNonInferiority(few, 0.05)
    expect(z).toBeCloseTo(Math.sqrt((40 * 0.05) / 0.95), 12)
    expect(p).toBeCloseTo(studentTUpperTail(z, 39), 12)
    expect(p).toBeGreaterThan(0.05)
  })

  test('clusteredTangoNonInferiority() believes single changes spread over many clusters', () => {
    const spread = [...Array.from({ length: 24 }, (_, i) => ({ size: 15, lost: i % 2, gained: 1 - (i % 2) })), ...whole(15, [0, 0, 16])]
    const together = [{ size: 15, lost: 12, gained: 0 }, { size: 15, lost: 0, gained: 12 }, ...whole(15, [0, 0, 38])]
    expect(clusteredTangoNonInferiority(spread, 0.05).p).toBeLessThan(0.05)
    expect(clusteredTangoNonInferiority(together, 0.05).p).toBeGreaterThan(0.05)
  })

  test('clusteredTangoNonInferiority() takes unequal clusters for fewer clusters', () => {
    const equal = whole(4, [0, 0, 100])
    const unequal = [...whole(40, [0, 0, 5]), ...whole(2, [0, 0, 100])]
    expect(clusteredTangoNonInferiority(unequal, 0.05).p).toBeGreaterThan(0.05)
    expect(clusteredTangoNonInferiority(equal, 0.05).p).toBeLessThan(0.05)
  })

  test('clusteredTangoNonInferiority() is never surer than Tango for cases that stand alone', () => {
    fc.assert(
      fc.property(clusterList, (clusters) => {
        const sum = (key: keyof ClusterCounts): number => clusters.reduce((total, cluster) => total + cluster[key], 0)
        const alone = tangoZ({ n: sum('size'), lost: sum('lost'), gained: sum('gained') }, -0.05)
        expect(Math.abs(clusteredTangoNonInferiority(clusters, 0.05).z)).toBeLessThanOrEqual(Math.abs(alone) + 1e-12)
      }),
    )
  })

  test('clusteredTangoInterval() lies above minus the margin exactly when clusteredTangoNonInferiority() passes', () => {
    fc.assert(
      fc.property(clusterList, fc.double({ min: 0.01, max: 0.4, noNaN: true }), (clusters, margin) => {
        const { p } = clusteredTangoNonInferiority(clusters, margin)
        fc.pre(Math.abs(p - 0.05) > 1e-6)
        expect(clusteredTangoInterval(clusters, 0.05)[0] > -margin).toBe(p < 0.05)
      }),
      { numRuns: 300 },
    )
  })

  test('clusteredTangoInterval() turns its sign when lost and gained are swapped', () => {
    fc.assert(
      fc.property(clusterList, (clusters) => {
        const [lower, upper] = clusteredTangoInterval(clusters, 0.05)
        const swapped = clusters.map(({ size, lost, gained }) => ({ size, lost: gained, gained: lost }))
        const [lowerSwapped, upperSwapped] = clusteredTangoInterval(swapped, 0.05)
        expect(lower).toBeCloseTo(-upperSwapped, 9)
        expect(upper).toBeCloseTo(-lowerSwapped, 9)
      }),
    )
  })

  test('clusteredTangoNonInferiority() proves nothing with a single cluster', () => {
    expect(clusteredTangoNonInferiority(whole(900, [0, 0, 1]), 0.05).p).toBe(1)
    expect(clusteredTangoInterval(whole(900, [0, 0, 1]), 0.05)).toEqual([-1, 1])
    expect(clusteredTangoNonInferiority([], 0.05).p).toBe(1)
  })
})
