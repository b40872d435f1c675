import { describe, expect, test } from 'vitest'
import { judgeGateSize } from '../../src/gate/gate-size.ts'

const set = {
  evalName: 'refill',
  cases: 40,
  margin: 0.05,
  expectedFlips: 0.1,
  alpha: 0.05,
  power: 0.8,
  casesPath: 'evals/refill/cases.jsonl',
}

describe('judgeGateSize()', () => {
  test('judgeGateSize() warns of a gate that is too small and names the cases it needs', () => {
    const size = judgeGateSize({ ...set, round: 'r3/grpo' })
    expect(size).toMatchObject({ advisory: true, neededN: 248 })
    expect(size.supportedMargin).toBeCloseTo(0.1243, 4)
    expect(size.warning?.text).toMatchInlineSnapshot(`
      "GATE_TOO_SMALL  Eval "refill" is advisory in round "r3/grpo": it has 40 gate cases, a 5-point margin needs about 250 at the declared 10 % flips
        where  evals/refill/cases.jsonl
        fix    add gate cases, or widen gate.margin for this eval (40 cases support about 12 points)"
    `)
  })

  test('judgeGateSize() leaves the round out when it judges a whole suite', () => {
    expect(judgeGateSize({ ...set, cases: 1, expectedFlips: 0.2 }).warning?.text).toMatchInlineSnapshot(`
      "GATE_TOO_SMALL  Eval "refill" is advisory: it has 1 gate case, a 5-point margin needs about 500 at the declared 20 % flips
        where  evals/refill/cases.jsonl
        fix    add gate cases, or widen gate.margin for this eval (1 case supports about 100 points)"
    `)
  })

  test('judgeGateSize() is content from the needed number on', () => {
    expect(judgeGateSize({ ...set, cases: 247 }).advisory).toBe(true)
    expect(judgeGateSize({ ...set, cases: 248 })).toMatchObject({ advisory: false, warning: null })
    expect(judgeGateSize({ ...set, cases: 600, expectedFlips: 0.2 }).advisory).toBe(false)
  })
})
