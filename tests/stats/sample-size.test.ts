import { describe, expect, test } from 'vitest'
import { fairCoinUpperTail } from '../../src/stats/mcnemar.ts'
import { logChoose } from '../../src/stats/log-gamma.ts'
import { mcnemarSampleSize, meanDifferenceSampleSize, nonInferioritySampleSize, supportedMargin } from '../../src/stats/sample-size.ts'
import { tangoNonInferiority } from '../../src/stats/tango.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

const design = { alpha: 0.05, power: 0.8 }

/** The share of outcomes, over all splits of n cases into lost, gained and unchanged, that `counts` says yes to. */
function exactPower(
  n: number,
  [lostShare, gainedShare]: readonly [number, number],
  yes: (lost: number, gained: number) => boolean,
): number {
  const logs = [lostShare, gainedShare, 1 - lostShare - gainedShare].map(Math.log)
  let total = 0
  for (let lost = 0; lost <= n; lost++) {
    for (let gained = 0; gained <= n - lost; gained++) {
      if ((lost > 0 && lostShare === 0) || (gained > 0 && gainedShare === 0) || !yes(lost, gained)) continue
      const rest = n - lost - gained
      const log = logChoose(n, lost) + logChoose(n - lost, gained)
      total += Math.exp(log + times(lost, logs[0]) + times(gained, logs[1]) + times(rest, logs[2]))
    }
  }
  return total
}

function times(count: number, log: number | undefined): number {
  return count === 0 ? 0 : count * (log as number)
}

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

  test('nonInferioritySampleSize() gives about 80 % exact power', () => {
    const n = nonInferioritySampleSize(0.1, 0.05, design)
    const power = exactPower(n, [0.05, 0.05], (lost, gained) => tangoNonInferiority({ n, lost, gained }, 0.05).p <= 0.05)
    expect(power).toBeGreaterThan(0.77)
    expect(power).toBeLessThan(0.83)
  })

  test('supportedMargin() undoes nonInferioritySampleSize()', () => {
    for (const flips of [0, 0.02, 0.1, 0.3]) {
      for (const n of [40, 150, 600, 5000]) {
        const margin = supportedMargin(n, flips, design)
        expect(nonInferioritySampleSize(flips, margin * 1.0001, design)).toBeLessThanOrEqual(n)
        expect(nonInferioritySampleSize(flips, margin * 0.99, design)).toBeGreaterThan(n)
      }
    }
    expect(supportedMargin(40, 0.1, design)).toBeCloseTo(0.1243, 4)
  })

  test.each(vectors.mcnemar_exact_power_one_sided.filter((row) => row.n <= 200))(
    'mcnemar has the exact power of the reference at n=$n, $p10 lost, $p01 gained',
    ({ n, p10, p01, power }) => {
      expect(exactPower(n, [p10, p01], (lost, gained) => fairCoinUpperTail(lost, lost + gained) <= 0.05)).toBeCloseTo(power, 9)
    },
  )

  test('meanDifferenceSampleSize() agrees with Miller’s examples', () => {
    const quiet = { between: 1 / 9, before: 0, after: 0 }
    expect(meanDifferenceSampleSize(0.03, quiet, design)).toBeCloseTo(vectors.miller.n_969, 6)
    const sampled = { between: 1 / 9, before: 1 / 6, after: 1 / 6 }
    expect(meanDifferenceSampleSize(0.03, sampled, design)).toBeCloseTo(vectors.miller.n_K1, 6)
  })
})
