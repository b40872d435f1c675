import { describe, expect, test } from 'vitest'
import { caseOutcomes, lostCaseIds } from '../../src/gate/case-outcomes.ts'
import { judgeRound } from '../../src/gate/judge-round.ts'
import type { PairedGrade } from '../../src/gate/verdict.ts'
import { comparison, evalOf, policyOf } from './make-eval.ts'

/** The repeats of one case: p passed, f failed, - ungraded, before and after. */
function repeated(caseId: string, before: string, after: string): PairedGrade[] {
  const pass = (mark: string | undefined): boolean | null => (mark === 'p' ? true : mark === 'f' ? false : null)
  return before.split('').map((mark, repeat) => {
    const [passBefore, passAfter] = [pass(mark), pass(after[repeat])]
    const reward = (passed: boolean | null): number | null => (passed === null ? null : Number(passed))
    return { caseId, repeat, cluster: null, before: reward(passBefore), after: reward(passAfter), passBefore, passAfter }
  })
}

const FOUR = { graded: false, repeats: 4 } as const

describe('caseOutcomes()', () => {
  test('caseOutcomes() counts a tie of repeats as passed, on both sides', () => {
    const cases = caseOutcomes([...repeated('tie-after', 'pppp', 'ppff'), ...repeated('tie-before', 'ppff', 'ffff')], FOUR).cases
    expect(cases.map(({ caseId, passedBefore, passedAfter }) => [caseId, passedBefore, passedAfter])).toEqual([
      ['tie-after', true, true],
      ['tie-before', true, false],
    ])
  })

  test('caseOutcomes() averages the repeats that both sides could grade', () => {
    const { cases, errors, pairCount } = caseOutcomes(repeated('k', 'ppf-', 'pf-f'), FOUR)
    expect(cases).toMatchObject([{ before: 1, after: 0.5, repeats: 2, passedBefore: true, passedAfter: true }])
    expect([errors, pairCount]).toEqual([2, 4])
  })
})

describe('lostCaseIds()', () => {
  const pairs = [
    ...repeated('kept', 'pppp', 'pppf'),
    ...repeated('tie', 'pppp', 'ppff'),
    ...repeated('lost', 'pppf', 'pfff'),
    ...repeated('gained', 'ffff', 'pppp'),
    ...repeated('ungraded', 'pppp', '----'),
  ]

  test('lostCaseIds() names cases and not repeats: those that passed by half of their repeats and no longer do', () => {
    expect(lostCaseIds(pairs, FOUR)).toEqual(['lost'])
  })

  test('judgeRound() counts as lost what it names', () => {
    const evaluated = evalOf('e', { n: 1, lost: 0, gained: 0 }, { repeats: 4, comparisons: { parent: comparison('e', 'parent', pairs) } })
    const found = judgeRound({ round: 'r', arm: 'a', policy: policyOf({ errorBudgetShare: 0.5 }), evals: [evaluated] }).evals[0]
    expect(found).toMatchObject({ lost: 1, gained: 1, lostCases: ['lost'] })
    expect(found?.baselines[0]).toMatchObject({ lost: 1, gained: 1 })
  })
})
