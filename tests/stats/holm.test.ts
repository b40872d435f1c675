import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holm } from '../../src/stats/holm.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('holm()', () => {
  test('holm() agrees with statsmodels', () => {
    for (const [i, p] of holm(vectors.multi.p).entries()) expect(p).toBeCloseTo(vectors.multi.holm[i] as number, 14)
  })

  test('holm() rejects three of the fifteen hypotheses of Benjamini and Hochberg 1995', () => {
    expect(holm(vectors.multi_bh1995.p).map((p) => p <= 0.05)).toEqual(vectors.multi_bh1995.rej_holm05)
  })

  test('holm() keeps the order of p-values, lowers none and passes no bound', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (pValues) => {
        const adjusted = holm(pValues)
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * pValues.length))
          for (const [j, other] of pValues.entries()) if (other > p) expect(adjusted[j]).toBeGreaterThanOrEqual(adjusted[i] as number)
        }
      }),
    )
  })

  test('holm() leaves nothing of nothing', () => {
    expect(holm([])).toEqual([])
  })
})
