import { describe, expect, test } from 'vitest'
import { ALONE, expectedClusterDesign, heldSampleSize } from '../../src/stats/held-sample-size.ts'
import { tangoNonInferiority } from '../../src/stats/tango.ts'
import { tiltedNonInferiority } from '../../src/stats/tilted-margin.ts'
import { exactPower } from './exact-power.ts'

const design = { alpha: 0.05, power: 0.85 }
const tango = { margin: 0.05, test: 'tango', clusters: ALONE } as const
const harmless = (square: number) => ({ square, mean: 0 })

describe('heldSampleSize()', () => {
  test.each([
    { flips: 0.1, power: 0.85, comparisons: 1 },
    { flips: 0.1, power: 0.85, comparisons: 5 },
    { flips: 0.06, power: 0.85, comparisons: 1 },
    { flips: 0.2, power: 0.8, comparisons: 1 },
  ])(
    'heldSampleSize() gives the exact power asked for: $flips flips, $power over $comparisons comparisons',
    ({ flips, power, comparisons }) => {
      const wanted = power ** (1 / comparisons)
      const n = heldSampleSize(harmless(flips), tango, { alpha: 0.05, power: wanted }) as number
      const held = exactPower(n, [flips / 2, flips / 2], (lost, gained) => tangoNonInferiority({ n, lost, gained }, 0.05).p <= 0.05)
      // What is promised of the round.
      expect(held ** comparisons).toBeGreaterThan(power - 0.02)
      expect(held ** comparisons).toBeLessThan(power + 0.03)
    },
  )

  test('heldSampleSize() does not promise 80 % of 248 cases, which have 77 %', () => {
    expect(exactPower(248, [0.05, 0.05], (lost, gained) => tangoNonInferiority({ n: 248, lost, gained }, 0.05).p <= 0.05)).toBeLessThan(
      0.775,
    )
    expect(heldSampleSize(harmless(0.1), tango, { alpha: 0.05, power: 0.8 })).toBe(274)
    expect(heldSampleSize(harmless(0.1), tango, design)).toBe(317)
  })

  test('heldSampleSize() asks of a model that never changes what the tests themselves ask', () => {
    const n = heldSampleSize(harmless(0), tango, design) as number
    expect([n - 1, n].map((cases) => tangoNonInferiority({ n: cases, lost: 0, gained: 0 }, 0.05).p <= 0.05)).toEqual([false, true])
    const graded = heldSampleSize(harmless(0), { ...tango, test: 'tilted' }, design) as number
    const still = (cases: number): boolean =>
      tiltedNonInferiority(
        Array.from({ length: cases }, () => [0]),
        0.05,
      ).p <= 0.05
    expect([still(graded - 1), still(graded)]).toEqual([false, true])
  })

  test('heldSampleSize() counts clusters that nobody saw lost as one case each', () => {
    const clusters = { designEffect: 1, wholeCluster: 3 }
    const still = (count: number): boolean =>
      tiltedNonInferiority(
        Array.from({ length: count }, () => [0, 0, 0]),
        0.05,
      ).p <= 0.05
    const cases = heldSampleSize(harmless(0), { margin: 0.05, test: 'tilted', clusters }, design) as number
    expect(Math.ceil(cases / 3)).toBe(59)
    expect([still(58), still(59)]).toEqual([false, true])
  })

  test('heldSampleSize() is more for every flip, comparison, cluster and point of margin', () => {
    const base = heldSampleSize(harmless(0.1), tango, design) as number
    expect(heldSampleSize(harmless(0.2), tango, design)).toBeGreaterThan(base)
    expect(heldSampleSize(harmless(0.1), tango, { ...design, power: 0.85 ** 0.1 })).toBeGreaterThan(base)
    expect(heldSampleSize(harmless(0.1), { ...tango, margin: 0.03 }, design)).toBeGreaterThan(2.5 * base)
    expect(heldSampleSize(harmless(0.1), { ...tango, clusters: { designEffect: 1.5, wholeCluster: 3 } }, design)).toBeGreaterThan(
      1.5 * base,
    )
    expect(heldSampleSize({ square: 0.1, mean: -0.02 }, tango, design)).toBeGreaterThan(2 * base)
  })

  test('heldSampleSize() has no number for a loss of the margin', () => {
    expect(heldSampleSize({ square: 0.1, mean: -0.05 }, tango, design)).toBeNull()
    expect(heldSampleSize({ square: 0.1, mean: -0.05 + 1e-7 }, tango, design)).toBeNull()
  })
})

describe('expectedClusterDesign()', () => {
  test('expectedClusterDesign() weights clusters by their cases', () => {
    expect(expectedClusterDesign([3, 3, 3], 0.25)).toEqual({ designEffect: 1.5, wholeCluster: 3 })
    expect(expectedClusterDesign([1, 1, 4], 0.5)).toEqual({ designEffect: 2, wholeCluster: 3 })
    expect(expectedClusterDesign([1, 1, 1], 0.5)).toEqual({ designEffect: 1, wholeCluster: 1 })
    expect(expectedClusterDesign([], 0.5)).toEqual({ designEffect: 1, wholeCluster: 1 })
  })
})
