import { describe, expect, test } from 'vitest'
import { compareGrades } from '../../src/gate/compare-grades.ts'
import { blockingComparisons, canBlock, judgeEval } from '../../src/gate/judge-eval.ts'
import type { EvalUnderGate, EvalVerdict } from '../../src/gate/verdict.ts'
import { comparison, evalOf, pairs, policyOf } from './make-eval.ts'

const policy = policyOf()

function judge(evaluated: EvalUnderGate): EvalVerdict {
  const parent = compareGrades(evaluated, evaluated.comparisons.parent, { policy, smallestAlpha: 0.01 })
  return judgeEval({ evaluated, comparisons: [parent] }, policy, policy.alpha)
}

const kept = (changes: Partial<EvalUnderGate>): EvalUnderGate => evalOf('e', { n: 300, lost: 0, gained: 0 }, changes)

describe('judgeEval()', () => {
  test.each([
    { role: 'target', blocking: false, can: true, must: false },
    { role: 'target', blocking: true, can: true, must: false },
    { role: 'old', blocking: true, can: true, must: true },
    { role: 'old', blocking: false, can: false, must: false },
    { role: 'future', blocking: true, can: false, must: false },
    { role: 'none', blocking: true, can: false, must: false },
  ] as const)('judgeEval() says what a $role eval declared with blocking $blocking can do', ({ role, blocking, can, must }) => {
    const evaluated = kept({ role, blocking })
    expect(canBlock(evaluated)).toBe(can)
    expect(judge(evaluated)).toMatchObject({ blocking: can, mustHold: must })
  })

  test('judgeEval() gives no reason to be advisory to a target or to an old eval that has to be HELD', () => {
    expect(judge(kept({ role: 'target', blocking: false, advisoryReason: 'too small' })).advisoryReason).toBeUndefined()
    expect(judge(kept({})).advisoryReason).toBeUndefined()
    expect(judge(kept({ advisoryReason: 'too small' }))).toMatchObject({ advisoryReason: 'too small', blocking: true, mustHold: false })
  })

  test('judgeEval() keeps the relative margin where the margin came from one, and has no such member otherwise', () => {
    const relativeMargin = { share: 0.1, declared: 0.05, anchorScore: 0.4 }
    expect(judge(kept({ margin: 0.04, relativeMargin }))).toMatchObject({ margin: 0.04, relativeMargin })
    expect(Object.keys(judge(kept({})))).not.toContain('relativeMargin')
  })

  test('judgeEval() raises no flag of loss for a target that improved, is open or could not be graded', () => {
    const calm = { smallButReal: false, noReserve: false, overErrorBudget: false, overHardLimit: false, missed: false }
    const target = (counts: Parameters<typeof evalOf>[1]) => judge(evalOf('t', counts, { role: 'target', chance: 0.9 }))
    expect(target({ n: 300, lost: 0, gained: 60, passedBefore: 100 })).toMatchObject({ verdict: 'IMPROVED', flags: calm, neededN: null })
    expect(target({ n: 40, lost: 0, gained: 2, passedBefore: 10 })).toMatchObject({ verdict: 'INCONCLUSIVE', flags: calm })
    expect(target({ n: 300, lost: 0, gained: 60, passedBefore: 100, ungraded: 30 })).toMatchObject({
      ...{ verdict: 'INCONCLUSIVE', flags: { ...calm, overErrorBudget: true }, neededN: null },
    })
  })

  test('judgeEval() names the cases that were lost against the parent', () => {
    expect(judge(evalOf('e', { n: 300, lost: 2, gained: 1 }))).toMatchObject({ lostCases: ['case-0', 'case-1'], lost: 2, gained: 1 })
  })
})

test('blockingComparisons() are those with parent and anchor, never with base or best', () => {
  const evaluated = kept({})
  const numbers = (['parent', 'base', 'anchor', 'best'] as const).map((baseline) =>
    compareGrades(evaluated, comparison('e', baseline, pairs({ n: 10, lost: 0, gained: 0 })), { policy, smallestAlpha: 0.01 }),
  )
  const [parent, ...others] = numbers
  if (parent === undefined) throw new Error('no parent')
  expect(blockingComparisons([parent, ...others]).map(({ baseline }) => baseline)).toEqual(['parent', 'anchor'])
})
