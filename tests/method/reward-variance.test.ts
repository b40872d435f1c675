import { describe, expect, it } from 'vitest'
import { hasNoVariance } from '../../src/method/reward-variance.ts'

describe('hasNoVariance()', () => {
  it('is true for equal rewards, for one graded reward and for none', () => {
    expect([hasNoVariance([1, 1]), hasNoVariance([null, 0.5]), hasNoVariance([null, null])]).toEqual([true, true, true])
    expect(hasNoVariance([1, 0, null])).toBe(false)
  })
})
