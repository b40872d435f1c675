import { describe, expect, test } from 'vitest'
import { gatePolicySchema } from '../../src/gate/policy.ts'

describe('gatePolicySchema', () => {
  test('gatePolicySchema fills in the defaults that the documentation names', () => {
    expect(gatePolicySchema.parse({})).toEqual({
      alpha: 0.05,
      margin: 0.05,
      minEffect: 0.05,
      plannedRounds: 1,
      errorBudgetShare: 0.02,
      smallButReal: 'warn',
      hardLimit: null,
      power: 0.85,
      clusterCorrelation: 0.25,
      relativeMargin: null,
      relativeMarginBelow: 0.5,
      resamples: 10_000,
      seed: 0,
    })
  })

  test.each([
    { alpha: 0 },
    { margin: 5 },
    { plannedRounds: 0 },
    { smallButReal: 'ignore' },
    { margn: 0.1 },
    { hardLimit: 0 },
    { relativeMargin: 0 },
    { relativeMarginBelow: 2 },
  ])('gatePolicySchema refuses %j', (settings) => {
    expect(gatePolicySchema.safeParse(settings).success).toBe(false)
  })
})
