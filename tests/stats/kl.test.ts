import { describe, expect, test } from 'vitest'
import { estimateKl, klDivergence } from '../../src/stats/kl.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

const { p0, p1, forward_kl_p0_p1, reverse_kl_p1_p0, E_k1, E_k3, k3_values } = vectors.kl

describe('kl', () => {
  test('klDivergence() agrees with the reference in both directions', () => {
    expect(klDivergence(p0, p1)).toBeCloseTo(forward_kl_p0_p1, 15)
    expect(klDivergence(p1, p0)).toBeCloseTo(reverse_kl_p1_p0, 15)
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Number.POSITIVE_INFINITY)
  })

  test('estimateKl() has the expectation of the exact divergence', () => {
    // Ten tokens in the sampler's own shares stand for the expectation.
    const tokens = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    const estimate = estimateKl(
      tokens.map((token) => Math.log(p1[token] as number)),
      tokens.map((token) => Math.log(p0[token] as number)),
    )
    expect(estimate.k1).toBeCloseTo(E_k1, 14)
    expect(estimate.k3).toBeCloseTo(E_k3, 14)
  })

  test('estimateKl() gives the k3 value of a single token, and 0 for none', () => {
    for (const [i, expected] of k3_values.entries()) {
      expect(estimateKl([Math.log(p1[i] as number)], [Math.log(p0[i] as number)]).k3).toBeCloseTo(expected, 14)
    }
    expect(estimateKl([], [])).toEqual({ k1: 0, k3: 0 })
  })
})
