import { describe, expect, test } from 'vitest'
import { judgeRound } from '../../src/gate/judge-round.ts'
import type { EvalUnderGate, RoundVerdict } from '../../src/gate/verdict.ts'
import { comparison, evalOf, pairs, policyOf } from './make-eval.ts'

const judge = (evals: readonly EvalUnderGate[], settings = {}): RoundVerdict =>
  judgeRound({ round: 'r1', arm: 'sft', policy: policyOf(settings), evals })

const improved = evalOf('target', { n: 300, lost: 3, gained: 60, passedBefore: 100 }, { role: 'target' })
const kept = evalOf('kept', { n: 300, lost: 0, gained: 0 })
const small = (counts: Parameters<typeof evalOf>[1], changes: Parameters<typeof evalOf>[2] = {}): EvalUnderGate =>
  evalOf('small', counts, { advisoryReason: '30 gate cases, a margin this narrow needs about 320', ...changes })

describe('judgeRound() on advisory evals', () => {
  test('judgeRound() blocks for a proven loss of an eval that is too small to be HELD', () => {
    // The round that was ACCEPTED before: 67 points lost in 12 cases.
    const round = judge([improved, kept, small({ n: 12, lost: 8, gained: 0, passedBefore: 12 })])
    expect(round.verdict).toBe('BLOCKED')
    expect(round.evals[2]).toMatchObject({ verdict: 'REGRESSED', blocking: true, mustHold: false })
    expect(round.reasons).toEqual([
      'small REGRESSED against parent: -66.7 points [90 % CI -84.1, -36.0], p = 0.008 after Holm, 8 lost, 0 gained of 12',
    ])
  })

  test('judgeRound() keeps an advisory eval in the Holm family', () => {
    const evals = [kept, small({ n: 30, lost: 6, gained: 0 }), evalOf('other', { n: 600, lost: 10, gained: 12 })]
    const round = judge(evals)
    expect(round.familySize).toBe(3)
    expect(round.evals[1]?.baselines[0]?.pLossHolm).toBeCloseTo(3 / 64, 12)
    expect(round.verdict).toBe('BLOCKED')
    expect(judge(evals.map((one) => (one.name === 'small' ? { ...one, blocking: false } : one))).familySize).toBe(2)
  })

  test('judgeRound() holds an advisory eval to the hard limit', () => {
    // Too few to be REGRESSED at the corrected level of 40 planned rounds, and beyond 10 points even at the confidence limit.
    const lossy = small({ n: 12, lost: 5, gained: 0, passedBefore: 12 })
    const settings = { plannedRounds: 40 }
    expect(judge([improved, kept, lossy], settings).verdict).toBe('ACCEPTED')
    const round = judge([improved, kept, lossy], { ...settings, hardLimit: 0.1 })
    expect(round.verdict).toBe('BLOCKED')
    expect(round.evals[2]?.flags.overHardLimit).toBe(true)
  })

  test('judgeRound() blocks for a loss of an advisory eval against its anchor', () => {
    const creeping = small({ n: 30, lost: 1, gained: 1 }, { anchorCounts: { n: 30, lost: 15, gained: 0 } })
    const round = judge([improved, kept, creeping])
    expect(round.verdict).toBe('BLOCKED')
    expect(round.reasons[0]).toContain('small REGRESSED against anchor')
  })

  test('judgeRound() blocks for a small but real loss of an advisory eval where the policy says so', () => {
    const real = small({ n: 3000, lost: 90, gained: 30 })
    expect(judge([improved, kept, real]).verdict).toBe('ACCEPTED')
    expect(judge([improved, kept, real], { smallButReal: 'block' }).verdict).toBe('BLOCKED')
  })

  test('judgeRound() waives the demand for HELD, and says of whom', () => {
    const round = judge([improved, kept, small({ n: 30, lost: 1, gained: 0 })])
    expect(round.verdict).toBe('ACCEPTED')
    expect(round.evals[2]).toMatchObject({ verdict: 'INCONCLUSIVE', mustHold: false })
    expect(round.evals[2]?.reason).toContain('; advisory: 30 gate cases, a margin this narrow needs about 320')
    expect(round.reasons.slice(1)).toEqual([
      '1 of 1 blocking old evals HELD',
      'advisory, with no loss proven and too few cases for HELD to be asked: small',
    ])
  })

  test('judgeRound() does not wait for an advisory eval whose parent is at chance, and blocks for what it loses all the same', () => {
    const guessing = { n: 40, lost: 3, gained: 3, passedBefore: 11 }
    expect(judge([improved, kept, small(guessing, { chance: 0.25 })])).toMatchObject({
      verdict: 'ACCEPTED',
      evals: [{}, {}, { verdict: 'INCONCLUSIVE', flags: { noReserve: true } }],
    })
    expect(judge([improved, kept, small({ ...guessing, lost: 11, gained: 0 }, { chance: 0.25 })]).verdict).toBe('BLOCKED')
  })

  test('judgeRound() does not accept over an advisory eval that could not be graded', () => {
    // Ungraded answers could hide any loss, and are no matter of how many cases there are.
    const round = judge([improved, kept, small({ n: 30, lost: 0, gained: 0, ungraded: 3 })])
    expect(round.verdict).toBe('INCONCLUSIVE')
    expect(round.reasons[0]).toContain('3 pairs could not be graded')
    const one = judge([improved, kept, small({ n: 30, lost: 0, gained: 0, ungraded: 3 })], { errorBudgetShare: 0.1 })
    expect(one.verdict).toBe('ACCEPTED')
  })

  test('judgeRound() does not wait for an advisory eval without any gate case', () => {
    expect(judge([improved, kept, small({ n: 0, lost: 0, gained: 0 })]).verdict).toBe('ACCEPTED')
  })

  test('judgeRound() never accepts a round in which no old eval has to be HELD', () => {
    const none = 'every old eval is advisory or declared as not blocking, so nothing could show that the old features were kept'
    for (const evals of [
      [small({ n: 300, lost: 0, gained: 0 })],
      [{ ...kept, blocking: false }],
      [small({ n: 300, lost: 0, gained: 0 }), { ...kept, blocking: false }],
    ]) {
      expect(judge([improved, ...evals])).toMatchObject({ verdict: 'INCONCLUSIVE', reasons: [none] })
      expect(judge(evals).verdict).toBe('INCONCLUSIVE')
    }
    expect(judge([improved, small({ n: 12, lost: 9, gained: 0, passedBefore: 12 })]).verdict).toBe('BLOCKED')
  })

  test('judgeRound() judges graded scores and clusters of an advisory eval like any other', () => {
    const list = pairs({ n: 30, lost: 0, gained: 0 }).map((pair, i) => ({ ...pair, cluster: `c${i >> 1}`, before: 0.9, after: 0.2 }))
    const graded = small({ n: 1, lost: 0, gained: 0 }, { graded: true, comparisons: { parent: comparison('small', 'parent', list) } })
    expect(judge([improved, kept, graded]).verdict).toBe('BLOCKED')
    expect(judge([improved, kept, small({ n: 60, lost: 30, gained: 0, clusterSize: 3 })]).verdict).toBe('BLOCKED')
  })
})
