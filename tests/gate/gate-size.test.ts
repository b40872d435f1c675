import { describe, expect, test } from 'vitest'
import { judgeGateSize } from '../../src/gate/gate-size.ts'

const alone = (count: number): number[] => Array.from({ length: count }, () => 1)

const set = {
  evalName: 'refill',
  clusterSizes: alone(40),
  clusterCorrelation: 0.25,
  margin: 0.05,
  expectedFlips: 0.1,
  test: 'tango',
  comparisons: 1,
  alpha: 0.05,
  power: 0.85,
  casesPath: 'evals/refill/cases.jsonl',
} as const

describe('judgeGateSize()', () => {
  test('judgeGateSize() warns of a gate that is too small and names the cases it needs', () => {
    const size = judgeGateSize({ ...set, round: 'r3/grpo' })
    expect(size).toMatchObject({ advisory: true, neededN: 317 })
    expect(size.warning?.text).toMatchInlineSnapshot(`
      "GATE_TOO_SMALL  Eval "refill" is advisory in round "r3/grpo": it has 40 gate cases, a 5-point margin needs about 320 at the declared 10 % flips for 85 % of harmless rounds to be ACCEPTED
        where  evals/refill/cases.jsonl
        fix    add gate cases, or widen the margin of this eval (40 cases support about 16 points)"
    `)
  })

  test('judgeGateSize() says what else the number rests on, and leaves the round out when it judges a whole suite', () => {
    const clusterSizes = Array.from({ length: 100 }, () => 3)
    expect(judgeGateSize({ ...set, clusterSizes, comparisons: 7, expectedFlips: 0.2 }).warning?.text).toMatchInlineSnapshot(`
      "GATE_TOO_SMALL  Eval "refill" is advisory: it has 300 gate cases, a 5-point margin needs about 1700 at the declared 20 % flips for 85 % of harmless rounds to be ACCEPTED (7 comparisons must all pass, clusters cost 1.50 times the cases)
        where  evals/refill/cases.jsonl
        fix    add gate cases, or widen the margin of this eval (300 cases support about 12 points)"
    `)
    expect(judgeGateSize({ ...set, clusterSizes: [1] }).warning?.text).toContain('1 case supports about')
  })

  test('judgeGateSize() is content from the needed number on', () => {
    expect(judgeGateSize({ ...set, clusterSizes: alone(316) }).warning).not.toBeNull()
    expect(judgeGateSize({ ...set, clusterSizes: alone(317) })).toMatchObject({ advisory: false, warning: null })
  })

  test('judgeGateSize() demands HELD of every eval that could show it by itself, however many comparisons there are', () => {
    // 300 cases are too few for a round of ten comparisons, and enough to be HELD in most harmless rounds: waiving that would let losses through.
    const size = judgeGateSize({ ...set, clusterSizes: alone(300), comparisons: 10 })
    expect(size).toMatchObject({ advisory: false, neededN: 614 })
    expect(size.warning?.summary).toContain('has 300 gate cases')
    expect(size.warning?.summary).not.toContain('advisory')
    expect(judgeGateSize({ ...set, clusterSizes: alone(125) }).advisory).toBe(true)
    expect(judgeGateSize({ ...set, clusterSizes: alone(126) }).advisory).toBe(false)
  })

  test('judgeGateSize() needs more cases for more comparisons, for clusters and for graded scores', () => {
    const needed = (changes: object): number => judgeGateSize({ ...set, ...changes }).neededN
    expect([1, 2, 5, 10, 20].map((comparisons) => needed({ comparisons }))).toEqual([317, 408, 527, 614, 699])
    expect(needed({ clusterSizes: Array.from({ length: 200 }, () => 3) })).toBe(488)
    expect(needed({ test: 'tilted' })).toBe(362)
  })

  test('judgeGateSize() supports the margin that its cases would be enough for', () => {
    const { supportedMargin } = judgeGateSize({ ...set, comparisons: 5 })
    expect(judgeGateSize({ ...set, comparisons: 5, margin: supportedMargin + 1e-6 }).warning).toBeNull()
    expect(judgeGateSize({ ...set, comparisons: 5, margin: supportedMargin - 1e-3 }).warning).not.toBeNull()
  })

  test('judgeGateSize() has an answer for margins that no number of cases shows', () => {
    const size = judgeGateSize({ ...set, margin: 1e-6 })
    expect(Number.isInteger(size.neededN)).toBe(true)
    expect(size.warning?.summary).not.toContain('NaN')
  })
})
