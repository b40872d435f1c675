import { describe, expect, test } from 'vitest'
import { loadEval } from '../../src/eval/load-eval.ts'
import { devOutcomes, devScore, passStderr, ungradedShare } from '../../src/round/dev-scores.ts'
import type { SuiteEval } from '../../src/suite/checked-suite.ts'
import { smallEval } from '../suite/small-suite.ts'
import { gradedRecord, repeatedRecords } from './graded-records.ts'

async function entryOf(changes: Parameters<typeof smallEval>[1] = {}): Promise<SuiteEval> {
  const loaded = await loadEval(smallEval('sums', changes), { origin: 'sums.eval.ts' })
  return { eval: loaded, kind: 'retention', margin: 0.05, minEffect: 0.05, blocking: true, guarded: false }
}

describe('devOutcomes()', () => {
  test('devOutcomes() compares case by case and leaves out what one side could not grade', async () => {
    const before = [gradedRecord('a'), gradedRecord('b'), gradedRecord('c'), gradedRecord('d', { reward: null })]
    const after = [gradedRecord('a', { reward: 0 }), gradedRecord('b'), gradedRecord('c', { reward: null }), gradedRecord('d')]
    const found = devOutcomes(await entryOf(), { before, after })
    expect(found.map(({ caseId, before: one, after: other }) => [caseId, one, other])).toEqual([
      ['a', 1, 0],
      ['b', 1, 1],
    ])
  })
})

describe('devScore()', () => {
  test('devScore() is the mean reward of a graded eval and the pass share of another', async () => {
    const records = [gradedRecord('a', { reward: 0.5 }), gradedRecord('b', { reward: 1 })]
    expect(devScore(await entryOf({ graded: true }), records)).toBe(0.75)
    expect(devScore(await entryOf(), records)).toBe(0.5)
  })

  test('devScore() averages repeats within their case, and is null where nothing could be graded', async () => {
    const records = [...repeatedRecords('a', [1, 1, 0, null]), ...repeatedRecords('b', [0, 0, 0, 0])]
    expect(devScore(await entryOf({ repeats: 4, sampling: { temperature: 1 } }), records)).toBeCloseTo(1 / 3, 12)
    expect(devScore(await entryOf(), [gradedRecord('a', { reward: null })])).toBeNull()
  })
})

describe('passStderr()', () => {
  const records = (count: number, passed: number, cluster: (at: number) => string | null = () => null) =>
    Array.from({ length: count }, (_, at) => gradedRecord(`k${at}`, { reward: Number(at < passed), cluster: cluster(at) }))

  test('passStderr() is that of a share, and never 0', () => {
    // 91 of 102, as if one more had passed and one more had failed.
    expect(passStderr(records(100, 90))).toBeCloseTo(Math.sqrt((91 * 11) / 102 ** 3), 12)
    expect(passStderr(records(100, 100))).toBeGreaterThan(0.005)
    expect(passStderr([])).toBe(0.5)
  })

  test('passStderr() grows with clusters that pass and fail together', () => {
    expect(passStderr(records(100, 90, (at) => `c${Math.floor(at / 5)}`))).toBeGreaterThan(1.8 * passStderr(records(100, 90)))
  })
})

test('ungradedShare() counts cases of which no repeat could be graded', () => {
  const graded = Array.from({ length: 98 }, (_, at) => gradedRecord(`k${at}`))
  const others = [...repeatedRecords('half', [null, 1]), ...repeatedRecords('none', [null, null])]
  expect(ungradedShare([...graded, ...others])).toBe(0.01)
  expect(ungradedShare([])).toBe(0)
})
