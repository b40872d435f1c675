import { describe, expect, test } from 'vitest'
import { regularizedIncompleteBeta } from '../../src/stats/incomplete-beta.ts'
import { logChoose, logGamma } from '../../src/stats/log-gamma.ts'
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts'
import { studentTQuantile, studentTUpperTail } from '../../src/stats/student-t.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

// Reference values: mpmath with 30 digits.
describe('distributions', () => {
  test.each([
    [0.5, 0.57236494292470008707],
    [3.7, 1.4280723266653879219],
    [10, 12.8018274800814696],
    [100_001, 1051299.2218991218651],
  ])('logGamma(%d) agrees with mpmath', (x, expected) => {
    expect(Math.abs(logGamma(x) / expected - 1)).toBeLessThan(1e-14)
  })

  test('logChoose() counts poker hands', () => {
    expect(Math.exp(logChoose(52, 5)) / 2_598_960).toBeCloseTo(1, 13)
  })

  test.each([
    [0, 0.5],
    [1, 0.841344746068542949],
    [1.959963984540054, 0.974999999999999986],
    [1.964, 0.97523495404544371577],
    [-2.9, 0.00186581330038403974],
    [-3.1, 0.000967603213218357],
    [-8, 6.22096057427178413e-16],
    [-20, 2.75362411860623369e-89],
  ])('normalCdf(%d) agrees with mpmath', (z, expected) => {
    expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(2e-12)
  })

  test.each([1e-300, 1e-12, 1e-4, 0.025, 0.05, 0.3, 0.5, 0.8, 0.975, 0.9999])(
    'normalQuantile(%d) is undone by normalCdf()',
    (probability) => {
      expect(Math.abs(normalCdf(normalQuantile(probability)) / probability - 1)).toBeLessThan(1e-11)
    },
  )

  test('normalQuantile() gives the familiar critical values', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13)
    expect(normalQuantile(0.95)).toBeCloseTo(1.644853626951473, 13)
  })

  test('studentTUpperTail() agrees with scipy on the paired t-test of the vectors', () => {
    expect(2 * studentTUpperTail(vectors.signflip.t, 7)).toBeCloseTo(vectors.signflip.t_p, 13)
  })

  test.each([
    [0.95, 1, 6.313751514675043],
    [0.95, 4, 2.131846786326649],
    [0.975, 39, 2.0226909200367611],
    [0.95, 199, 1.652546746166563],
  ])('studentTQuantile(%d, %d) agrees with mpmath', (probability, degreesOfFreedom, expected) => {
    expect(studentTQuantile(probability, degreesOfFreedom)).toBeCloseTo(expected, 11)
    expect(studentTQuantile(1 - probability, degreesOfFreedom)).toBeCloseTo(-expected, 11)
  })

  test('regularizedIncompleteBeta() mirrors', () => {
    for (const [x, a, b] of [
      [0.3, 2, 5],
      [0.9, 40, 3],
      [0.5, 5000, 5100],
    ] as const) {
      const value = regularizedIncompleteBeta(x, a, b)
      expect(value + regularizedIncompleteBeta(1 - x, b, a)).toBeCloseTo(1, 12)
    }
    expect(regularizedIncompleteBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 12)
  })
})
