import { describe, expect, test } from 'vitest'
import { passAtK, passHatK } from '../../src/stats/pass-at-k.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('passAtK() and passHatK()', () => {
  test.each(vectors.passk)(
    'passAtK() and passHatK() agree with the reference for $c of $n at k=$k',
    ({ n, c, k, pass_at_k, pass_hat_k }) => {
      expect(passAtK(n, c, k)).toBeCloseTo(pass_at_k, 12)
      expect(passHatK(n, c, k)).toBeCloseTo(pass_hat_k, 12)
    },
  )
})
