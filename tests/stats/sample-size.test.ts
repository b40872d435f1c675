import { describe, expect, test } from 'vitest'
import { fairCoinUpperTail } from '../../src/stats/mcnemar.ts'
import { mcnemarSampleSize, nonInferioritySampleSize } from '../../src/stats/sample-size.ts'
import { exactPower } from './exact-power.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

const design = { alpha: 0.05, power: 0.8 }

describe('sample sizes', () => {
  test.each(vectors.mcnemar_n)('mcnemarSampleSize() agrees with the reference for flips $p_disc and difference $delta', (row) => {
    expect(mcnemarSampleSize(row.p_disc, row.delta, design)).toBe(row.n_one)
    expect(mcnemarSampleSize(row.p_disc, row.delta, { alpha: 0.025, power: 0.8 })).toBe(row.n_two)
  })

  test.each(vectors.noninf_n.filter((row) => row.n >= 52))(
    'nonInferioritySampleSize() agrees with the reference for flips $p_disc and margin $margin',
    ({ p_disc, margin, n }) => {
      expect(nonInferioritySampleSize(p_disc, margin, design)).toBe(n)
    },
  )

  test('nonInferioritySampleSize() asks for 52 cases at 5 points even of a model that never changes', () => {
    expect(nonInferioritySampleSize(0, 0.05, design)).toBe(52)
  })

  test.each(vectors.mcnemar_exact_power_one_sided.filter((row) => row.n <= 200))(
    'mcnemar has the exact power of the reference at n=$n, $p10 lost, $p01 gained',
    ({ n, p10, p01, power }) => {
      expect(exactPower(n, [p10, p01], (lost, gained) => fairCoinUpperTail(lost, lost + gained) <= 0.05)).toBeCloseTo(power, 9)
    },
  )
})
