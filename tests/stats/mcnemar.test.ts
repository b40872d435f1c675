import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fairCoinUpperTail, mcnemar } from '../../src/stats/mcnemar.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('mcnemar()', () => {
  test.each(vectors.mcnemar)('mcnemar() agrees with scipy for $b lost and $c gained', ({ b, c, p_two, p_regress, p_mid }) => {
    const result = mcnemar(b, c)
    expect(result.pTwoSided).toBeCloseTo(p_two, 12)
    expect(result.pLoss).toBeCloseTo(p_regress, 12)
    expect(result.pMid).toBeCloseTo(p_mid, 12)
  })

  test('mcnemar() gives 1 when no pair differs', () => {
    expect(mcnemar(0, 0)).toEqual({ pLoss: 1, pGain: 1, pTwoSided: 1, pMid: 1 })
  })

  test.each(vectors.gate_example)('mcnemar() gives the gain of the worked gate for $name', ({ b, c, p_improve }) => {
    expect(mcnemar(b, c).pGain).toBeCloseTo(p_improve, 12)
  })

  test('mcnemar() gives each side the other one’s p when lost and gained are swapped', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), (lost, gained) => {
        const [there, back] = [mcnemar(lost, gained), mcnemar(gained, lost)]
        expect(there.pLoss).toBe(back.pGain)
        expect(there.pTwoSided).toBe(back.pTwoSided)
      }),
    )
  })

  test('mcnemar() finds a loss more credible with every further lost case', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (lost, gained) => {
        const before = mcnemar(lost, gained).pLoss
        expect(mcnemar(lost + 1, gained).pLoss).toBeLessThanOrEqual(before)
        if (before < 0.999) expect(mcnemar(lost + 1, gained).pLoss).toBeLessThan(before)
      }),
    )
  })

  // P(Bin(n, 1/2) >= b) by adding up binomial coefficients in whole numbers.
  test.each([
    [530, 1000],
    [51_000, 100_000],
    [49_500, 100_000],
  ])(
    'fairCoinUpperTail() is exact for %i of %i tosses',
    (successes, trials) => {
      let term = 1n
      let tail = 0n
      for (let k = 0; k <= trials - successes; k++) {
        tail += term
        term = (term * BigInt(trials - k)) / BigInt(k + 1)
      }
      const bits = BigInt(tail.toString(2).length - 60)
      const exact = Number(tail >> bits) * 2 ** (Number(bits) - trials)
      expect(fairCoinUpperTail(successes, trials) / exact).toBeCloseTo(1, 8)
    },
    60_000,
  )
})
