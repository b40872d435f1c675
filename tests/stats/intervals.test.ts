import { describe, expect, test } from 'vitest'
import { clopperPearson } from '../../src/stats/clopper-pearson.ts'
import { wilson } from '../../src/stats/wilson.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('intervals of one share', () => {
  test.each(vectors.intervals)('wilson() and clopperPearson() agree with statsmodels for $k of $n', (row) => {
    const found = [...wilson(row.k, row.n), ...clopperPearson(row.k, row.n)]
    const expected = [...row.wilson, ...row.cp]
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] as number, 11)
  })

  test('wilson() and clopperPearson() know nothing of no cases', () => {
    expect(wilson(0, 0)).toEqual([0, 1])
    expect(clopperPearson(0, 0)).toEqual([0, 1])
  })
})
