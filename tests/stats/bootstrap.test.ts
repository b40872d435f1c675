import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { bootstrapMean } from '../../src/stats/bootstrap.ts'

const draws = { resamples: 10_000, seed: 3 }
const question = { alpha: 0.05, threshold: -0.05 }

describe('bootstrapMean()', () => {
  test('bootstrapMean() passes the threshold exactly when its lower limit lies above it', () => {
    const random = seededRandom(5)
    for (let i = 0; i < 40; i++) {
      const groups = Array.from({ length: 80 }, () => ({ sum: random.normal() * 0.2, count: 1 }))
      const { interval, p } = bootstrapMean(groups, question, { resamples: 999, seed: i })
      expect(p <= 0.05).toBe(interval[0] > -0.05)
    }
  })

  test('bootstrapMean() finds the limits of a mean of 400 normal values', () => {
    const random = seededRandom(11)
    const values = Array.from({ length: 400 }, () => random.normal())
    const mean = values.reduce((sum, value) => sum + value, 0) / 400
    const stderr = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399 / 400)
    const { interval } = bootstrapMean(
      values.map((sum) => ({ sum, count: 1 })),
      question,
      draws,
    )
    expect(interval[0]).toBeCloseTo(mean - 1.645 * stderr, 2)
    expect(interval[1]).toBeCloseTo(mean + 1.645 * stderr, 2)
  })

  test('bootstrapMean() widens when values that agree are drawn as clusters', () => {
    const alone = Array.from({ length: 100 }, (_, i) => ({ sum: i % 2, count: 1 }))
    const together = Array.from({ length: 20 }, (_, i) => ({ sum: 5 * (i % 2), count: 5 }))
    const width = ({ interval }: { interval: readonly [number, number] }): number => interval[1] - interval[0]
    const ratio = width(bootstrapMean(together, question, draws)) / width(bootstrapMean(alone, question, draws))
    expect(ratio).toBeGreaterThan(2)
    expect(ratio).toBeLessThan(2.6)
  })

  test('bootstrapMean() repeats bit by bit with one seed and differs with another', () => {
    const groups = Array.from({ length: 50 }, (_, i) => ({ sum: Math.sin(i), count: 1 }))
    expect(bootstrapMean(groups, question, draws)).toEqual(bootstrapMean(groups, question, draws))
    expect(bootstrapMean(groups, question, draws)).not.toEqual(bootstrapMean(groups, question, { ...draws, seed: 4 }))
  })

  test('bootstrapMean() takes number floor(alpha (B + 1)) of the sorted draws', () => {
    const { interval } = bootstrapMean([{ sum: 2, count: 1 }], { alpha: 0.05, threshold: 0 }, { resamples: 19, seed: 1 })
    expect(interval).toEqual([2, 2])
    const two = bootstrapMean(
      [
        { sum: 0, count: 1 },
        { sum: 1, count: 1 },
      ],
      { alpha: 0.3, threshold: 0 },
      { resamples: 9999, seed: 1 },
    )
    // Means are 0, 1/2, 1 with shares 1/4, 1/2, 1/4: number 3000 of 9999 lies among the halves.
    expect(two.interval).toEqual([0.5, 0.5])
    expect(two.p).toBeCloseTo(0.25, 1)
  })
})
