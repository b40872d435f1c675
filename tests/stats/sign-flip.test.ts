import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mcnemar } from '../../src/stats/mcnemar.ts'
import { signFlip } from '../../src/stats/sign-flip.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

const draws = { resamples: 10_000, seed: 7 }

describe('signFlip()', () => {
  test('signFlip() agrees with scipy on eight graded differences', () => {
    const result = signFlip(vectors.signflip.d, draws)
    expect(result.pTwoSided).toBe(vectors.signflip.p_two)
    expect(result.pLoss).toBe(vectors.signflip.p_less)
    expect(result.exact).toBe(true)
  })

  test('signFlip() is McNemar’s test when every difference is one case', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (lost, gained) => {
        const flips = signFlip([...Array<number>(lost).fill(-1), ...Array<number>(gained).fill(1), 0, 0], draws)
        const reference = mcnemar(lost, gained)
        expect(flips.pLoss).toBeCloseTo(reference.pLoss, 10)
        expect(flips.pGain).toBeCloseTo(reference.pGain, 10)
        expect(flips.pTwoSided).toBeCloseTo(reference.pTwoSided, 10)
      }),
    )
  })

  test('signFlip() counts whole numbers exactly as enumeration does', () => {
    const wholes = [3, -1, -2, -4, 1, -2, 2, -3, -1, 5, -5, -2]
    const enumerated = signFlip(
      wholes.map((whole) => whole / 7),
      draws,
    )
    const convolved = signFlip(wholes, draws)
    expect(convolved.pLoss).toBeCloseTo(enumerated.pLoss, 12)
    expect(convolved.pTwoSided).toBeCloseTo(enumerated.pTwoSided, 12)
  })

  test('signFlip() estimates by Monte Carlo what it can count exactly', () => {
    const wholes = Array.from({ length: 200 }, (_, i) => ((i * 7) % 5) - 2 - (i % 11 === 0 ? 1 : 0)).filter((d) => d !== 0)
    const exact = signFlip(wholes, draws)
    const sampled = signFlip(
      wholes.map((whole) => whole / 3),
      draws,
    )
    expect(exact.exact).toBe(true)
    expect(sampled.exact).toBe(false)
    expect(Math.abs(sampled.pLoss - exact.pLoss)).toBeLessThan(0.015)
    expect(sampled.pLoss).not.toBe(exact.pLoss)
  })

  test('signFlip() repeats bit by bit with one seed and never gives 0', () => {
    const graded = Array.from({ length: 60 }, (_, i) => -0.1 - (i % 7) * 0.013)
    expect(signFlip(graded, draws)).toEqual(signFlip(graded, draws))
    expect(signFlip(graded, draws).pLoss).toBe(1 / 10_001)
  })

  test('signFlip() gives 1 when nothing changed', () => {
    expect(signFlip([0, 0, 0], draws)).toEqual({ pLoss: 1, pGain: 1, pTwoSided: 1, exact: true })
  })

  test('signFlip() swaps loss and gain with the signs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -8, max: 8 }), { maxLength: 40 }), (differences) => {
        const there = signFlip(differences, draws)
        const back = signFlip(
          differences.map((d) => -d),
          draws,
        )
        expect(there.pLoss).toBeCloseTo(back.pGain, 12)
      }),
    )
  })
})
