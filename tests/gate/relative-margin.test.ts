import { describe, expect, test } from 'vitest'
import { judgeRound } from '../../src/gate/judge-round.ts'
import { effectiveMargin } from '../../src/gate/relative-margin.ts'
import type { RoundVerdict } from '../../src/gate/verdict.ts'
import { evalOf, policyOf } from './make-eval.ts'

const policy = policyOf({ relativeMargin: 0.25 })

describe('effectiveMargin()', () => {
  test('effectiveMargin() cuts the margin of a low-scoring eval to a share of what there is above chance', () => {
    const low = effectiveMargin({ declared: 0.05, chance: 0, anchorScore: 0.12 }, policy)
    expect(low.margin).toBeCloseTo(0.03, 12)
    expect(low.relativeMargin).toEqual({ declared: 0.05, share: 0.25, anchorScore: 0.12 })
    expect(effectiveMargin({ declared: 0.05, chance: 0.25, anchorScore: 0.35 }, policy).margin).toBeCloseTo(0.025, 12)
  })

  test('effectiveMargin() never widens a margin, and leaves evals above the level and without a score alone', () => {
    expect(effectiveMargin({ declared: 0.05, chance: 0, anchorScore: 0.2 }, policy)).toEqual({ margin: 0.05 })
    expect(effectiveMargin({ declared: 0.05, chance: 0, anchorScore: 0.4 }, policy)).toEqual({ margin: 0.05 })
    expect(effectiveMargin({ declared: 0.3, chance: 0, anchorScore: 0.5 }, policy)).toEqual({ margin: 0.3 })
    expect(effectiveMargin({ declared: 0.3, chance: 0, anchorScore: 0.5 }, { ...policy, relativeMarginBelow: 0.6 }).margin).toBe(0.125)
    expect(effectiveMargin({ declared: 0.05, chance: 0, anchorScore: null }, policy)).toEqual({ margin: 0.05 })
    expect(effectiveMargin({ declared: 0.05, chance: 0, anchorScore: 0.01 }, policyOf())).toEqual({ margin: 0.05 })
  })

  test('effectiveMargin() leaves nothing to lose where the anchor is at chance', () => {
    expect(effectiveMargin({ declared: 0.05, chance: 0.25, anchorScore: 0.2 }, policy).margin).toBe(0)
  })
})

describe('judgeRound() at a relative margin', () => {
  const judge = (margin: object): RoundVerdict =>
    judgeRound({
      round: 'r',
      arm: 'a',
      policy,
      evals: [evalOf('old', { n: 600, lost: 14, gained: 8, passedBefore: 36 }, { margin: 0.05, ...margin })],
    })

  test('judgeRound() does not hold what may have lost a quarter of an eval, and says by which margin', () => {
    expect(judge({}).evals[0]?.verdict).toBe('HELD')
    const relativeMargin = { declared: 0.05, share: 0.25, anchorScore: 0.06 }
    const found = judge({ margin: 0.015, relativeMargin }).evals[0]
    expect(found).toMatchObject({ verdict: 'INCONCLUSIVE', margin: 0.015, relativeMargin })
    expect(found?.reason).toContain("; the margin is 1.5 points and not 5: 25 % of the anchor's 6.0 % on dev")
  })

  test('judgeRound() holds nothing at a margin of 0', () => {
    const relativeMargin = { declared: 0.05, share: 0.25, anchorScore: 0 }
    expect(judge({ margin: 0, relativeMargin }).evals[0]).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { noReserve: true } })
  })
})
