import { describe, expect, test } from 'vitest'
import { judgeDevSize } from '../../src/gate/dev-size.ts'

const alone = (count: number): number[] => Array.from({ length: count }, () => 1)
const set = { evalName: 'refill', clusterCorrelation: 0.25, margin: 0.05, expectedFlips: 0.1, casesPath: 'evals/refill/cases.jsonl' }

describe('judgeDevSize()', () => {
  test('judgeDevSize() says how often chance alone makes a harmless checkpoint ineligible', () => {
    // P(Z < -0.05 sqrt(25 / 0.1)) = P(Z < -0.79) = 21 %.
    expect(judgeDevSize({ ...set, clusterSizes: alone(25) })?.text).toMatchInlineSnapshot(`
      "DEV_TOO_SMALL  Eval "refill" has 25 dev cases to choose checkpoints by: 21 % of checkpoints that lost nothing look by chance as if they had lost more than its 5-point margin
        where  evals/refill/cases.jsonl
        fix    add dev cases, and devCases where it says fewer (about 66 make it 10 %)"
    `)
  })

  test('judgeDevSize() is content from 10 % on: 66 cases at 10 % flips and 5 points, more in clusters', () => {
    expect(judgeDevSize({ ...set, clusterSizes: alone(65) })).not.toBeNull()
    expect(judgeDevSize({ ...set, clusterSizes: alone(66) })).toBeNull()
    expect(judgeDevSize({ ...set, clusterSizes: Array.from({ length: 22 }, () => 3) })).not.toBeNull()
    expect(judgeDevSize({ ...set, clusterSizes: Array.from({ length: 33 }, () => 3) })).toBeNull()
  })
})
