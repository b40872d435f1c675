import { describe, expect, test } from 'vitest'
import { compareGrades } from '../../src/gate/compare-grades.ts'
import { neededForHeld, neededForImproved } from '../../src/gate/needed-cases.ts'
import type { ComparisonNumbers } from '../../src/gate/verdict.ts'
import { ALONE, heldSampleSize } from '../../src/stats/held-sample-size.ts'
import { mcnemarSampleSize, nonInferioritySampleSize } from '../../src/stats/sample-size.ts'
import { evalOf, policyOf } from './make-eval.ts'

const design = { alpha: 0.05, power: 0.85 }
const margin = 0.05

/** Numbers of a comparison at 10 % flips, with the changes that matter here. */
function numbersOf(changes: Partial<ComparisonNumbers>): ComparisonNumbers {
  const evaluated = evalOf('e', { n: 100, lost: 5, gained: 5 })
  const numbers = compareGrades(evaluated, evaluated.comparisons.parent, { policy: policyOf(), smallestAlpha: 0.01 })
  return { ...numbers, meanSquaredChange: 0.1, ...changes }
}

const ifHarmless = heldSampleSize({ square: 0.1, mean: 0 }, { margin, test: 'tango', clusters: ALONE }, design) as number

describe('neededForHeld()', () => {
  test('neededForHeld() names the cases for a harmless model while there are fewer, and none where there are as many', () => {
    expect(neededForHeld(numbersOf({ n: ifHarmless - 1, difference: 0 }), margin, design)).toBe(ifHarmless)
    expect(neededForHeld(numbersOf({ n: ifHarmless, difference: 0 }), margin, design)).toBeNull()
  })

  test('neededForHeld() takes the measured difference where the cases for a harmless model were there', () => {
    const measured = heldSampleSize({ square: 0.1, mean: -0.02 }, { margin, test: 'tango', clusters: ALONE }, design) as number
    expect(measured).toBeGreaterThan(ifHarmless)
    for (const n of [ifHarmless, ifHarmless + 1]) expect(neededForHeld(numbersOf({ n, difference: -0.02 }), margin, design)).toBe(measured)
  })

  test('neededForHeld() names the cases that prove a loss where it is beyond the margin', () => {
    const n = ifHarmless
    expect(neededForHeld(numbersOf({ n, difference: -0.05 }), margin, design)).toBeNull()
    // 52 lost and 20 gained of 400 cases.
    const wanted = mcnemarSampleSize(0.4, -0.06, design)
    expect(neededForHeld(numbersOf({ n: 400, difference: -0.06, meanSquaredChange: 0.4 }), 0.05, design)).toBe(
      Math.max(wanted, heldSampleSize({ square: 0.4, mean: 0 }, { margin, test: 'tango', clusters: ALONE }, design) as number),
    )
  })

  test('neededForHeld() counts clusters and graded scores as their tests do', () => {
    const clustered = { designEffect: 1.5, clusters: 100, n: 300, difference: 0 }
    const question = { margin, test: 'tango', clusters: { designEffect: 1.5, wholeCluster: 3 } } as const
    expect(neededForHeld(numbersOf(clustered), margin, design)).toBe(heldSampleSize({ square: 0.1, mean: 0 }, question, design))
    const graded = neededForHeld(numbersOf({ method: 'sign-flip, tilted', difference: 0 }), margin, design)
    expect(graded).toBe(heldSampleSize({ square: 0.1, mean: 0 }, { margin, test: 'tilted', clusters: ALONE }, design))
  })
})

describe('neededForImproved()', () => {
  test('neededForImproved() names the cases that show the minimum effect while there are fewer', () => {
    const toSee = mcnemarSampleSize(0.1, 0.05, design)
    expect(neededForImproved(numbersOf({ n: toSee - 1, difference: 0.03 }), 0.05, design)).toBe(toSee)
  })

  test('neededForImproved() tells the measured gain from the minimum effect where there are as many', () => {
    const toSee = mcnemarSampleSize(0.1, 0.05, design)
    const wanted = nonInferioritySampleSize(0.1 - 0.03 ** 2, 0.02, design)
    expect(wanted).toBeGreaterThan(toSee)
    expect(neededForImproved(numbersOf({ n: toSee, difference: 0.03 }), 0.05, design)).toBe(wanted)
    expect(neededForImproved(numbersOf({ n: toSee, difference: 0.05 }), 0.05, design)).toBeNull()
  })

  test('neededForImproved() gives no number that is there already', () => {
    const wanted = nonInferioritySampleSize(0.1 - 0.03 ** 2, 0.02, design)
    expect(neededForImproved(numbersOf({ n: wanted, difference: 0.03 }), 0.05, design)).toBeNull()
    expect(neededForImproved(numbersOf({ n: wanted - 1, difference: 0.03 }), 0.05, design)).toBe(wanted)
  })
})
