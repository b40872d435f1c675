import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectedBest, majorityOf, scalingSteps } from '../../src/stats/inference-scaling.ts'
import { reduceRepeats } from '../../src/stats/reducers.ts'
import type { RepeatOutcome } from '../../src/stats/reducers.ts'

/** "1a" is a passed repeat with answer a, "0b" a failed one, "-" one that could not be graded, "0.5c" a partial reward. */
const outcomes = (text: string): RepeatOutcome[] =>
  text.split(' ').map((word) => {
    const [, number, answer = ''] = /^([\d.]+)?(.*)$/.exec(word) ?? []
    const value = number === undefined ? null : Number(number)
    return { value, pass: value === null ? null : value >= 1, answer }
  })

/** All k-subsets of a list. */
const subsets = <T>(items: readonly T[], k: number): T[][] => {
  if (k === 0) return [[]]
  return items.flatMap((item, at) => subsets(items.slice(at + 1), k - 1).map((rest) => [item, ...rest]))
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('reduceRepeats()', () => {
  test.each([
    ['mean', '1a 0b 0.5c', 0.5],
    ['mean', '1a - 0b', 0.5],
    ['median', '1 0 0.2 0.4', 0.3],
    ['median', '1 0 -', 0.5],
    ['median', '0.9 0.1 0.3', 0.3],
    ['mode', '0.5 1 0.5 1 0', 0.5],
    ['mode', '1 0 0', 0],
    ['max', '0.2 - 0.7', 0.7],
    ['majority', '1a 0b 0b', 0],
    ['majority', '1a 0b 0b 1a', 1],
    ['majority', '0b 1a 1a 0b', 0],
    ['majority', '-b -b 1a', 1],
    ['best-of-2', '0.2 0.4 1', 0.4],
    ['best-of-2', '- - 1', null],
    ['at-least-2', '1 1 0 0', 1],
    ['at-least-2', '1 0 0 0', 0],
    ['at-least-2', '1 - 0', null],
    ['at-least-2', '1 - 1', 1],
    ['at-least-3', '0 - 0 1', 0],
    ['pass@2', '1 0 0 0', 0.5],
    ['pass^2', '1 1 1 0', 0.5],
    ['pass@1', '1 0 - -', 0.5],
    ['pass@3', '1 0 -', null],
    ['pass^3', '1 1 -', null],
  ])('reduceRepeats() makes %s of %s to %s', (reducer, text, expected) => {
    const value = reduceRepeats(reducer, outcomes(text))
    if (expected === null) expect(value).toBe(null)
    else expect(value).toBeCloseTo(expected, 12)
  })

  test.each(['mean', 'median', 'mode', 'max', 'majority', 'pass@1', 'pass^1', 'at-least-1', 'best-of-1'])(
    'reduceRepeats() gives null and never 0 by %s when no repeat could be graded',
    (reducer) => {
      expect(reduceRepeats(reducer, outcomes('- -'))).toBe(null)
      expect(reduceRepeats(reducer, [])).toBe(null)
    },
  )

  test('reduceRepeats() draws pass@k and pass^k over all draws of k', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), fc.nat(7), (passes, more) => {
        const k = 1 + (more % passes.length)
        const repeats = passes.map((pass) => ({ value: Number(pass), pass, answer: '' }))
        const draws = subsets(passes, k)
        expect(reduceRepeats(`pass@${k}`, repeats)).toBeCloseTo(mean(draws.map((draw) => Number(draw.some(Boolean)))), 10)
        expect(reduceRepeats(`pass^${k}`, repeats)).toBeCloseTo(mean(draws.map((draw) => Number(draw.every(Boolean)))), 10)
      }),
      { numRuns: 100, seed: 5 },
    )
  })

  test.each(['average', 'pass@0', 'pass@', 'constructor', 'best-of-2x', 'MEAN'])('reduceRepeats() knows no reducer called %s', (name) => {
    expect(() => reduceRepeats(name, outcomes('1'))).toThrow(new RangeError(`no reducer is called "${name}"`))
  })
})

describe('expectedBest()', () => {
  test('expectedBest() is the mean of the highest over all draws of k', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 8 }), fc.nat(7), (tenths, more) => {
        const values = tenths.map((tenth) => tenth / 10)
        const k = 1 + (more % values.length)
        expect(expectedBest(values, k)).toBeCloseTo(mean(subsets(values, k).map((draw) => Math.max(...draw))), 10)
      }),
      { numRuns: 100, seed: 6 },
    )
  })

  test('majorityOf() votes in whole blocks of k and leaves the rest out', () => {
    const repeats = outcomes('1a 1a 0b 0b 0b 1a 1a')
    expect(majorityOf(repeats, 3)).toBe(0.5)
    expect(majorityOf(repeats, 7)).toBe(1)
    expect(majorityOf(outcomes('- -'), 2)).toBe(null)
  })

  test('scalingSteps() doubles up to n and ends with it', () => {
    expect([1, 2, 5, 8].map(scalingSteps)).toEqual([[1], [1, 2], [1, 2, 4, 5], [1, 2, 4, 8]])
    expect(scalingSteps(0)).toEqual([])
  })
})
