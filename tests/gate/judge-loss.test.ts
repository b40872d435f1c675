import { describe, expect, test } from 'vitest'
import { compareGrades } from '../../src/gate/compare-grades.ts'
import { isOverBudget, judgeLoss } from '../../src/gate/judge-loss.ts'
import type { ComparisonNumbers } from '../../src/gate/verdict.ts'
import { evalOf, policyOf } from './make-eval.ts'

const unchanged = evalOf('old', { n: 200, lost: 0, gained: 0 })
const measured = compareGrades(unchanged, unchanged.comparisons.parent, { policy: policyOf(), smallestAlpha: 0.01 })

/** A comparison in which a hold is proven and nothing else, but for the changes. */
const against = (baseline: 'parent' | 'anchor', changes: Partial<ComparisonNumbers> = {}): ComparisonNumbers => ({
  ...measured,
  ...{ baseline, before: 0.8, pLoss: 0.5, pLossHolm: 0.5, pNonInferior: 0.001, errorShare: 0, interval: [-0.02, 0.02] },
  ...changes,
})
const HELD = {}
const LOST = { pLossHolm: 0.001, pNonInferior: 0.9 }
const OPEN = { pNonInferior: 0.5 }

const judge = (parent: Partial<ComparisonNumbers>, anchor?: Partial<ComparisonNumbers>, settings: Parameters<typeof policyOf>[0] = {}) =>
  judgeLoss([against('parent', parent), ...(anchor === undefined ? [] : [against('anchor', anchor)])], {
    ...{ policy: policyOf(settings), alphaRegressed: 0.01, chance: 0, margin: 0.05 },
  })
const outcome = (...of: Parameters<typeof judge>) => {
  const { verdict, decidedBy } = judge(...of)
  return [verdict, decidedBy.baseline]
}

describe('judgeLoss() against parent and anchor', () => {
  test('judgeLoss() takes the worse of the two, and names the comparison that decided', () => {
    expect(outcome(HELD, HELD)).toEqual(['HELD', 'parent'])
    expect(outcome(HELD, OPEN)).toEqual(['INCONCLUSIVE', 'anchor'])
    expect(outcome(OPEN, HELD)).toEqual(['INCONCLUSIVE', 'parent'])
    expect(outcome(OPEN, LOST)).toEqual(['REGRESSED', 'anchor'])
    expect(outcome(LOST, OPEN)).toEqual(['REGRESSED', 'parent'])
  })

  test('judgeLoss() flags what was found against one of the two alone', () => {
    const small = { pLossHolm: 0.001 }
    const far = { interval: [-0.4, -0.2] } as const
    expect(judge(HELD, small).flags).toMatchObject({ smallButReal: true, overHardLimit: false })
    expect(judge(HELD, far, { hardLimit: 0.1 }).flags).toMatchObject({ smallButReal: false, overHardLimit: true })
    expect(judge(far, HELD, { hardLimit: 0.1 }).flags.overHardLimit).toBe(true)
    expect(judge(HELD, { errorShare: 0.5 }).flags.overErrorBudget).toBe(true)
  })

  test('judgeLoss() proves nothing, not even a loss beyond the hard limit, where either has too many ungraded pairs', () => {
    const wrecked = { pLossHolm: 0.001, interval: [-0.9, -0.5] } as const
    const found = judge(wrecked, { ...wrecked, errorShare: 0.5 }, { hardLimit: 0.1 })
    expect(found.verdict).toBe('INCONCLUSIVE')
    expect(found.flags).toEqual({ overErrorBudget: true, overHardLimit: false, smallButReal: false, noReserve: false })
    expect(found.decidedBy.baseline).toBe('anchor')
    expect(outcome({ ...LOST, errorShare: 0.5 }, LOST)).toEqual(['INCONCLUSIVE', 'parent'])
  })

  test('judgeLoss() has no reserve to hold by what the parent was above chance, and calls a loss a loss all the same', () => {
    expect(judge({ before: 0.04 }, { before: 0.9, pLoss: 0.6 })).toMatchObject({
      ...{ verdict: 'INCONCLUSIVE', flags: { noReserve: true }, decidedBy: { baseline: 'parent' } },
    })
    expect(outcome({ before: 0.04, ...LOST })).toEqual(['REGRESSED', 'parent'])
    const margin0 = judgeLoss([against('parent')], { policy: policyOf(), alphaRegressed: 0.01, chance: 0, margin: 0 })
    expect(margin0).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { noReserve: true } })
  })
})

describe('judgeLoss() at its levels', () => {
  test('judgeLoss() counts a p-value that reaches its level, for a loss and for a hold', () => {
    expect(outcome({ ...LOST, pLossHolm: 0.01 })[0]).toBe('REGRESSED')
    expect(outcome({ ...LOST, pLossHolm: 0.0101 })[0]).toBe('INCONCLUSIVE')
    expect(outcome({ pNonInferior: 0.05 })[0]).toBe('HELD')
    expect(outcome({ pNonInferior: 0.0501 })[0]).toBe('INCONCLUSIVE')
  })

  test('judgeLoss() takes the corrected p-value of a loss where there is one', () => {
    expect(outcome({ ...LOST, pLoss: 0.001, pLossHolm: 0.5 })[0]).toBe('INCONCLUSIVE')
    expect(outcome({ ...LOST, pLoss: 0.001, pLossHolm: null })[0]).toBe('REGRESSED')
  })

  test('judgeLoss() finds a loss beyond the hard limit only when the whole interval is, and no loss beyond none', () => {
    const settings = { hardLimit: 0.125 }
    expect(outcome({ interval: [-0.3, -0.126] }, undefined, settings)[0]).toBe('REGRESSED')
    expect(outcome({ interval: [-0.3, -0.125] }, undefined, settings)[0]).toBe('HELD')
    expect(judge({ interval: [-0.9, -0.8] }).flags.overHardLimit).toBe(false)
  })

  test('judgeLoss() lets a small but real loss pass as HELD unless the policy blocks it', () => {
    const small = { pLossHolm: 0.001, pNonInferior: 0.001 }
    expect(outcome(small)[0]).toBe('HELD')
    expect(outcome(small, undefined, { smallButReal: 'block' })[0]).toBe('REGRESSED')
    expect(outcome(HELD, undefined, { smallButReal: 'block' })[0]).toBe('HELD')
  })
})

test('isOverBudget() holds for more ungraded pairs than the budget, and always where none was graded', () => {
  const policy = policyOf({ errorBudgetShare: 0.25 })
  expect([0.25, 0.26].map((errorShare) => isOverBudget(against('parent', { errorShare }), policy))).toEqual([false, true])
  expect(isOverBudget(against('parent', { n: 0, errorShare: 0.25 }), policy)).toBe(true)
})
