import { describe, expect, test } from 'vitest'
import { wilson } from '../../src/stats/wilson.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('intervals of one share', () => {
  test.each(vectors.intervals)('wilson() agrees with statsmodels for $k of $n', (row) => {
    for (const [i, value] of wilson(row.k, row.n).entries()) expect(value).toBeCloseTo(row.wilson[i] as number, 11)
  })

  test('wilson() knows nothing of no cases', () => {
    expect(wilson(0, 0)).toEqual([0, 1])
  })
})
