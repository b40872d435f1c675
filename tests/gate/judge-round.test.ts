import { describe, expect, test } from 'vitest'
import { judgeRound } from '../../src/gate/judge-round.ts'
import type { EvalUnderGate, RoundVerdict } from '../../src/gate/verdict.ts'
import { ALONE, heldSampleSize } from '../../src/stats/held-sample-size.ts'
import vectors from '../stats/stat-vectors.json' with { type: 'json' }
import { comparison, evalOf, pairs, policyOf } from './make-eval.ts'

const judge = (evals: readonly EvalUnderGate[], settings = {}): RoundVerdict =>
  judgeRound({ round: 'r1', arm: 'sft', policy: policyOf(settings), evals })

const improved = evalOf('target', { n: 300, lost: 3, gained: 60, passedBefore: 100 }, { role: 'target' })
const unchanged = evalOf('kept', { n: 300, lost: 0, gained: 0 })

describe('judgeRound() on the worked gate', () => {
  const evals = vectors.gate_example.map(({ name, n, b, c }) =>
    evalOf(name, { n, lost: b, gained: c }, name.startsWith('new:') ? { role: 'target', comparisons: halfPassing(name, n, [b, c]) } : {}),
  )
  test.each(vectors.gate_example)('judgeRound() calls $name $verdict', (row) => {
    const found = judge(evals).evals.find(({ name }) => name === row.name)
    expect(found?.verdict).toBe(row.verdict)
    expect(found?.difference).toBeCloseTo(row.diff, 12)
    expect(found?.interval[0]).toBeCloseTo(row.tango90[0] as number, 9)
    expect(found?.interval[1]).toBeCloseTo(row.tango90[1] as number, 9)
    expect(found?.baselines[0]?.pNonInferior).toBeCloseTo(row.p_noninf, 10)
    expect(found?.baselines[0]?.pLoss).toBeCloseTo(row.p_regress, 12)
    expect(found?.baselines[0]?.pGain).toBeCloseTo(row.p_improve, 12)
    if (row.holm_p_regress !== undefined) expect(found?.baselines[0]?.pLossHolm).toBeCloseTo(row.holm_p_regress, 12)
  })

  test('judgeRound() blocks the worked gate and says why in the words of its report', () => {
    const round = judge(evals)
    expect(round.verdict).toBe('BLOCKED')
    expect(round.familySize).toBe(4)
    expect(round.reasons).toMatchInlineSnapshot(`
      [
        "old:extract-json REGRESSED against parent: -7.3 points [90 % CI -12.3, -3.1], p = 0.025 after Holm, 14 lost, 3 gained of 150",
        "old:math-units INCONCLUSIVE against parent: -1.7 points [90 % CI -8.2, +4.3], p = 0.164 against a loss of the margin, 2 lost, 1 gained of 60; about 190 cases would settle it at this flip rate",
      ]
    `)
  })
})

function halfPassing(name: string, n: number, [lost, gained]: readonly [number, number]): EvalUnderGate['comparisons'] {
  return { parent: comparison(name, 'parent', pairs({ n, lost, gained, passedBefore: n / 2 })) }
}

describe('judgeRound() on the round', () => {
  test('judgeRound() accepts an improved target when every blocking old eval is held', () => {
    const round = judge([improved, unchanged])
    expect(round.verdict).toBe('ACCEPTED')
    expect(round.evals.map(({ verdict }) => verdict)).toEqual(['IMPROVED', 'HELD'])
    expect(round.reasons).toMatchInlineSnapshot(`
      [
        "target IMPROVED against parent: +19.0 points [90 % CI +15.2, +23.2], p = 4.5e-15 for a gain, 3 lost, 60 gained of 300",
        "1 of 1 blocking old evals HELD",
      ]
    `)
  })

  test('judgeRound() waits for missing grades of an old eval that blocks, and for none of one that does not', () => {
    const ungraded = (blocking: boolean): EvalUnderGate => evalOf('ungraded', { n: 300, lost: 0, gained: 0, ungraded: 60 }, { blocking })
    expect(judge([improved, unchanged, ungraded(true)]).verdict).toBe('INCONCLUSIVE')
    const round = judge([improved, unchanged, ungraded(false)])
    expect([round.verdict, round.evals.at(-1)?.verdict]).toEqual(['ACCEPTED', 'INCONCLUSIVE'])
  })

  test('judgeRound() blocks a candidate that never moved for its missed target alone', () => {
    const still = evalOf('target', { n: 300, lost: 0, gained: 0, passedBefore: 100 }, { role: 'target' })
    const round = judge([still, unchanged, evalOf('other', { n: 600, lost: 0, gained: 0 })])
    expect(round.verdict).toBe('BLOCKED')
    expect(round.evals.map(({ verdict }) => verdict)).toEqual(['HELD', 'HELD', 'HELD'])
    expect(round.evals.map(({ flags }) => flags.missed)).toEqual([true, false, false])
    expect(round.reasons).toMatchInlineSnapshot(`
      [
        "target MISSED against parent: 0.0 points [90 % CI -0.9, +0.9], p = 1.000 for a gain, 0 lost, 0 gained of 300; the declared minimum gain is 5 points",
      ]
    `)
  })

  test('judgeRound() names the worst loss first among what blocked the round, and the missed target after losses', () => {
    const still = evalOf('target', { n: 300, lost: 0, gained: 0, passedBefore: 100 }, { role: 'target' })
    const small = evalOf('small-loss', { n: 600, lost: 60, gained: 2 })
    const large = evalOf('large-loss', { n: 600, lost: 200, gained: 10 })
    const slow = evalOf('slow-loss', { n: 600, lost: 2, gained: 2 }, { anchorCounts: { n: 600, lost: 120, gained: 0 } })
    const round = judge([still, small, slow, large, unchanged])
    expect(round.reasons.map((reason) => reason.split(':', 1)[0])).toEqual([
      'large-loss REGRESSED against parent',
      'slow-loss REGRESSED against anchor',
      'small-loss REGRESSED against parent',
      'target MISSED against parent',
    ])
  })

  test('judgeRound() blocks a candidate that broke what was there, however well it learned', () => {
    const broken = evalOf('old', { n: 600, lost: 200, gained: 10 })
    const round = judge([improved, broken, unchanged], { plannedRounds: 3 })
    expect(round.verdict).toBe('BLOCKED')
    expect(round.evals[1]).toMatchObject({ verdict: 'REGRESSED', lost: 200, gained: 10, before: 0.8 })
    expect(round.reasons).toHaveLength(1)
  })

  test('judgeRound() is INCONCLUSIVE when a blocking old eval is', () => {
    const round = judge([improved, unchanged, evalOf('small', { n: 60, lost: 2, gained: 1 })])
    expect(round.verdict).toBe('INCONCLUSIVE')
    expect(round.reasons).toMatchInlineSnapshot(`
      [
        "small INCONCLUSIVE against parent: -1.7 points [90 % CI -8.2, +4.3], p = 0.164 against a loss of the margin, 2 lost, 1 gained of 60; about 190 cases would settle it at this flip rate",
      ]
    `)
  })

  test('judgeRound() lets future and never accepted evals, and those declared as not blocking, decide nothing', () => {
    const wrecked = { n: 600, lost: 300, gained: 0 }
    const bystanders = [
      evalOf('left', wrecked, { blocking: false, advisoryReason: 'too small' }),
      evalOf('future', wrecked, { role: 'future' }),
      evalOf('never', wrecked, { role: 'none' }),
    ]
    const round = judge([improved, unchanged, ...bystanders])
    expect(round.verdict).toBe('ACCEPTED')
    expect(round.familySize).toBe(1)
    expect(round.evals.slice(2).map(({ verdict, blocking }) => [verdict, blocking])).toEqual([
      ['REGRESSED', false],
      ['REGRESSED', false],
      ['REGRESSED', false],
    ])
    expect(round.evals.slice(2).map(({ advisoryReason }) => advisoryReason)).toEqual([
      'declared as not blocking',
      'the app gains this feature in a later round',
      'this feature was never accepted, so there is nothing to keep',
    ])
    expect(round.evals[2]?.reason).toContain('; declared as not blocking, so it decides nothing')
    expect(round.reasons.slice(1)).toEqual(['1 of 1 blocking old evals HELD', 'declared as not blocking: left; of these REGRESSED: left'])
  })

  test('judgeRound() asks every target to improve', () => {
    const open = evalOf('second', { n: 300, lost: 10, gained: 22 }, { role: 'target' })
    expect(judge([improved, open, unchanged]).verdict).toBe('INCONCLUSIVE')
    expect(judge([improved, improved, unchanged].map((one, i) => ({ ...one, name: `e${i}` }))).verdict).toBe('ACCEPTED')
  })

  test('judgeRound() judges loss alone without a target', () => {
    expect(judge([unchanged]).verdict).toBe('ACCEPTED')
    expect(judge([unchanged, evalOf('old', { n: 600, lost: 90, gained: 5 })]).verdict).toBe('BLOCKED')
    expect(judge([unchanged, evalOf('small', { n: 30, lost: 0, gained: 0 })]).verdict).toBe('INCONCLUSIVE')
    expect(judge([])).toMatchObject({ verdict: 'INCONCLUSIVE', reasons: ['there is neither a target nor an old eval to judge'] })
  })

  test('judgeRound() never blocks a model against itself', () => {
    for (const n of [1, 10, 51, 52, 600]) {
      for (const graded of [false, true]) {
        const same = evalOf('same', { n, lost: 0, gained: 0 }, { graded, anchorCounts: { n, lost: 0, gained: 0 } })
        const round = judge([same], { hardLimit: 0.01, smallButReal: 'block' })
        expect(round.verdict).toBe(n > 60 || (n === 52 && !graded) ? 'ACCEPTED' : 'INCONCLUSIVE')
      }
    }
  })
})

describe('judgeRound() on old evals, rule by rule', () => {
  const verdictOf = (one: EvalUnderGate, settings = {}) => judge([one], settings).evals[0]

  test('judgeRound() puts the error budget before everything', () => {
    const lossy = evalOf('old', { n: 300, lost: 100, gained: 0, ungraded: 7 })
    expect(verdictOf(lossy)).toMatchObject({ verdict: 'INCONCLUSIVE', errors: 7, neededN: null, flags: { overErrorBudget: true } })
    expect(verdictOf(evalOf('old', { n: 300, lost: 100, gained: 0, ungraded: 6 }))?.verdict).toBe('REGRESSED')
    expect(verdictOf(lossy, { errorBudgetShare: 0.05 })?.verdict).toBe('REGRESSED')
  })

  test('judgeRound() never counts an ungraded case as a loss, and says what it would be as one', () => {
    const found = verdictOf(evalOf('old', { n: 600, lost: 0, gained: 0, ungraded: 12 }))
    expect(found).toMatchObject({ verdict: 'HELD', n: 588, errors: 12, difference: 0 })
    expect(found?.baselines[0]?.worstDifference).toBeCloseTo(-0.02, 12)
  })

  test('judgeRound() flags a loss that is proven and inside the margin, and blocks it where the policy says so', () => {
    const small = evalOf('old', { n: 3000, lost: 90, gained: 30 })
    expect(verdictOf(small)).toMatchObject({ verdict: 'HELD', flags: { smallButReal: true } })
    expect(verdictOf(small, { smallButReal: 'block' })).toMatchObject({ verdict: 'REGRESSED', flags: { smallButReal: true } })
  })

  test('judgeRound() divides alpha for a loss by the planned rounds', () => {
    const loss = evalOf('old', { n: 150, lost: 14, gained: 3 })
    expect(verdictOf(loss)?.verdict).toBe('REGRESSED')
    expect(verdictOf(loss, { plannedRounds: 7 })?.verdict).toBe('REGRESSED')
    expect(verdictOf(loss, { plannedRounds: 8 })?.verdict).toBe('INCONCLUSIVE')
  })

  test('judgeRound() corrects over evals and blocking baselines by Holm', () => {
    const loss = evalOf('old', { n: 150, lost: 14, gained: 3 }, { anchorCounts: { n: 150, lost: 4, gained: 4 } })
    const others = Array.from({ length: 3 }, (_, i) =>
      evalOf(`o${i}`, { n: 150, lost: 4, gained: 4 }, { anchorCounts: { n: 150, lost: 4, gained: 4 } }),
    )
    const round = judge([loss, ...others])
    expect(round.familySize).toBe(8)
    expect(round.evals[0]?.baselines[0]?.pLossHolm).toBeCloseTo(8 * 0.0063629150390625, 12)
    expect(round.evals[0]?.verdict).toBe('INCONCLUSIVE')
  })

  test('judgeRound() asks for HELD against the anchor too, so that small losses cannot add up', () => {
    const creeping = evalOf('old', { n: 600, lost: 20, gained: 16 }, { anchorCounts: { n: 600, lost: 55, gained: 38 } })
    const found = verdictOf(creeping)
    expect(found?.baselines.map(({ pNonInferior }) => pNonInferior <= 0.05)).toEqual([true, false])
    expect(found?.verdict).toBe('INCONCLUSIVE')
    expect(found?.reason).toContain('INCONCLUSIVE against anchor')
    const drowned = evalOf('old', { n: 600, lost: 20, gained: 16 }, { anchorCounts: { n: 600, lost: 90, gained: 20 } })
    expect(verdictOf(drowned)).toMatchObject({ verdict: 'REGRESSED', difference: -4 / 600 })
  })

  test('judgeRound() shows base and best and never blocks by them', () => {
    const worse = pairs({ n: 600, lost: 200, gained: 0 })
    const name = 'old'
    const parent = comparison(name, 'parent', pairs({ n: 600, lost: 3, gained: 3 }))
    const comparisons = { parent, base: comparison(name, 'base', worse), best: comparison(name, 'best', worse) }
    const found = verdictOf(evalOf(name, { n: 600, lost: 0, gained: 0 }, { comparisons }))
    expect(found?.verdict).toBe('HELD')
    expect(found?.baselines.map(({ baseline, pLossHolm }) => [baseline, pLossHolm === null])).toEqual([
      ['parent', false],
      ['base', true],
      ['best', true],
    ])
  })

  test('judgeRound() cannot hold what the parent did not have', () => {
    const guessing = evalOf('old', { n: 600, lost: 5, gained: 5, passedBefore: 170 }, { chance: 0.25 })
    expect(verdictOf(guessing)).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { noReserve: true }, neededN: null })
    expect(verdictOf({ ...guessing, chance: 0.2 })).toMatchObject({ verdict: 'HELD', flags: { noReserve: false } })
    expect(verdictOf(evalOf('old', { n: 600, lost: 0, gained: 0, passedBefore: 29 }))?.verdict).toBe('INCONCLUSIVE')
    expect(verdictOf(evalOf('old', { n: 600, lost: 0, gained: 0, passedBefore: 30 }))?.verdict).toBe('HELD')
    // 0.3 - 0.25 is 0.04999999999999999: a margin is reached up to rounding.
    const exact = evalOf('old', { n: 600, lost: 5, gained: 5, passedBefore: 180 }, { chance: 0.25 })
    expect(verdictOf(exact)).toMatchObject({ verdict: 'HELD', flags: { noReserve: false } })
  })

  test('judgeRound() acts on a hard limit at the confidence limit, never at the point estimate', () => {
    // 40 planned rounds: the loss is not proven at the corrected level, yet its 95 % limit lies below the hard limit.
    const loss = evalOf('old', { n: 60, lost: 12, gained: 2 })
    const upper = verdictOf(loss)?.interval[1] as number
    const settings = { plannedRounds: 40 }
    expect(verdictOf(loss, settings)?.verdict).toBe('INCONCLUSIVE')
    expect(verdictOf(loss, { ...settings, hardLimit: -upper - 0.001 })).toMatchObject({
      verdict: 'REGRESSED',
      flags: { overHardLimit: true },
    })
    expect(verdictOf(loss, { ...settings, hardLimit: -upper + 0.001 })?.verdict).toBe('INCONCLUSIVE')
  })

  test('judgeRound() names the cases that would settle an INCONCLUSIVE eval', () => {
    // 10 % flips and no loss: the sample size of the reference.
    expect(verdictOf(evalOf('old', { n: 100, lost: 5, gained: 5 }))?.neededN).toBe(
      heldSampleSize({ square: 0.1, mean: 0 }, { margin: 0.05, test: 'tango', clusters: ALONE }, { alpha: 0.05, power: 0.85 }),
    )
    // A loss of 3 points at 10 % flips, 400 cases: 2 points are left to the margin.
    const found = verdictOf(evalOf('old', { n: 400, lost: 26, gained: 14 }), { plannedRounds: 2 })
    expect(found?.verdict).toBe('INCONCLUSIVE')
    expect(found?.neededN).toBe(
      heldSampleSize({ square: 0.1, mean: -0.03 }, { margin: 0.05, test: 'tango', clusters: ALONE }, { alpha: 0.05, power: 0.85 }),
    )
  })
})

describe('judgeRound() on targets', () => {
  const target = (counts: Parameters<typeof pairs>[0], settings = {}) =>
    judge([evalOf('target', counts, { role: 'target', minEffect: 0.1 }), unchanged], settings).evals[0]

  test('judgeRound() wants a gain that is proven and reaches the minimum effect', () => {
    expect(target({ n: 300, lost: 0, gained: 30, passedBefore: 100 })?.verdict).toBe('IMPROVED')
    expect(target({ n: 300, lost: 0, gained: 29, passedBefore: 100 })).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { missed: false } })
    expect(target({ n: 40, lost: 4, gained: 9, passedBefore: 10 })).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { missed: false } })
  })

  test('judgeRound() calls a target missed when even its upper limit is below the minimum effect', () => {
    expect(target({ n: 600, lost: 10, gained: 30, passedBefore: 100 })).toMatchObject({ flags: { missed: true } })
    expect(target({ n: 600, lost: 80, gained: 0, passedBefore: 300 })).toMatchObject({ verdict: 'REGRESSED', flags: { missed: true } })
  })

  test('judgeRound() leaves a target open that could not be graded', () => {
    const found = target({ n: 300, lost: 0, gained: 100, passedBefore: 100, ungraded: 20 })
    expect(found).toMatchObject({ verdict: 'INCONCLUSIVE', flags: { overErrorBudget: true, missed: false } })
  })

  test('judgeRound() names the cases that would show a target’s gain', () => {
    expect(target({ n: 40, lost: 0, gained: 3, passedBefore: 10 })?.neededN).toBeGreaterThan(40)
  })
})

describe('judgeRound() on what decides nothing', () => {
  test('judgeRound() accepts a target with nothing before it, however many features are to come', () => {
    const round = judge([improved, evalOf('future', { n: 600, lost: 300, gained: 0 }, { role: 'future' })])
    expect(round.verdict).toBe('ACCEPTED')
    expect(round.reasons.slice(1)).toEqual(['there is no old eval that could have lost anything'])
  })

  test('judgeRound() names an eval that was left out, and no loss of one that lost nothing', () => {
    const round = judge([improved, unchanged, { ...unchanged, name: 'left', blocking: false }])
    expect(round.reasons.slice(1)).toEqual(['1 of 1 blocking old evals HELD', 'declared as not blocking: left'])
  })

  test('judgeRound() neither corrects for base and best nor orders losses by them', () => {
    const withBase = (name: string, counts: Parameters<typeof pairs>[0], base: Parameters<typeof pairs>[0]) =>
      evalOf(name, counts, {
        comparisons: { parent: comparison(name, 'parent', pairs(counts)), base: comparison(name, 'base', pairs(base)) },
      })
    const alone = judge([withBase('old', { n: 150, lost: 14, gained: 3 }, { n: 150, lost: 0, gained: 0 })])
    expect(alone.familySize).toBe(1)
    expect(alone.evals[0]?.baselines[0]?.pLossHolm).toBeCloseTo(0.0063629150390625, 12)
    const small = withBase('small-loss', { n: 600, lost: 60, gained: 2 }, { n: 600, lost: 480, gained: 0 })
    const large = withBase('large-loss', { n: 600, lost: 200, gained: 10 }, { n: 600, lost: 0, gained: 0 })
    expect(judge([small, large]).reasons.map((reason) => reason.split(' ', 1)[0])).toEqual(['large-loss', 'small-loss'])
  })
})
