import { describe, expect, test } from 'vitest'
import { formatSummary } from '../../../src/cli/format-evaluation.ts'
import type { Sampling } from '../../../src/eval/completion.ts'
import type { SummarisedEval } from '../../../src/round/evaluation/graded-cases.ts'
import { summariseEvaluation } from '../../../src/round/evaluation/evaluation-summary.ts'
import { wilson } from '../../../src/stats/wilson.ts'
import { gradedRecord, repeatedRecords } from '../graded-records.ts'

const SAMPLING: Sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 64 }
const evalOf = (changes: Partial<SummarisedEval> = {}): SummarisedEval => ({
  ...{ name: 'sums', parse: null, reducer: 'mean', sampling: SAMPLING },
  ...changes,
})

describe('summariseEvaluation()', () => {
  test('summariseEvaluation() counts cases, passes with Wilson’s interval, and skips what could not be graded', () => {
    const records = [1, 1, 1, 0, null].map((reward, n) => gradedRecord(`c${n}`, { reward }))
    const summary = summariseEvaluation(records, evalOf())
    expect(summary).toMatchObject({ cases: 5, ungradedCases: 1, completions: 5, ungradedCompletions: 1, passShare: 0.75, repeats: 1 })
    expect(summary.interval).toEqual(wilson(3, 4))
    expect(summary.reward?.mean).toBe(0.75)
    expect(summary.reward?.stderr).toBeCloseTo(0.25, 12)
    expect([summary.scaling, summary.readiness, summary.twins]).toEqual([[], null, null])
  })

  test('summariseEvaluation() widens the interval where cases of a cluster stand and fall together', () => {
    const records = Array.from({ length: 40 }, (_, n) =>
      gradedRecord(`c${n}`, { reward: Math.floor(n / 4) % 2, cluster: `k${Math.floor(n / 4)}` }),
    )
    const clustered = summariseEvaluation(records, evalOf())
    const alone = summariseEvaluation(
      records.map((record) => ({ ...record, cluster: null })),
      evalOf(),
    )
    expect(alone.interval).toEqual(wilson(20, 40))
    // Ten clusters of four equal cases tell what ten cases tell, up to the n - 1 of the naive variance.
    expect(clustered.interval[0]).toBeCloseTo(wilson(5, 10)[0], 1)
    expect(clustered.interval[0]).toBeLessThan(alone.interval[0])
    expect((clustered.reward?.stderr ?? 0) / (alone.reward?.stderr ?? 1)).toBeCloseTo(2, 1)
  })

  test('summariseEvaluation() reduces repeats before it takes the mean over cases', () => {
    const records = [
      ...repeatedRecords('a', [1, 0, 0, 0]),
      ...repeatedRecords('b', [1, null, null, null]),
      ...repeatedRecords('c', [0, 0, 0, 0]),
    ]
    const share = (reducer: SummarisedEval['reducer']): number | null => summariseEvaluation(records, evalOf({ reducer })).passShare
    expect(share('mean')).toBeCloseTo((0.25 + 1 + 0) / 3, 12)
    expect(share('max')).toBeCloseTo(2 / 3, 12)
    expect(share('pass@2')).toBeCloseTo((0.5 + 0) / 2, 12)
    expect(share('majority')).toBeCloseTo(1 / 3, 12)
    const twice = summariseEvaluation(records, evalOf({ reducer: 'pass@2' }))
    expect([twice.cases, twice.ungradedCases]).toEqual([3, 1])
  })

  test('summariseEvaluation() lets answers vote that the eval’s parser makes the same', () => {
    const says = ['<think>7</think> Nine', '<think>8</think>  nine', '<think>7</think>eight']
    const records = says.map((completion, repeat) => gradedRecord('a', { completion, repeat, reward: completion.includes('ight') ? 1 : 0 }))
    const share = (changes: Partial<SummarisedEval>): number | null =>
      summariseEvaluation(records.toReversed(), evalOf({ reducer: 'majority', ...changes })).passShare
    expect(share({ thinking: 'on' })).toBe(0)
    expect(share({ parse: (text) => ({ right: text.includes('ight') }) })).toBe(0)
    // Three different answers: the earliest repeat wins, whatever the order of the records.
    expect(share({})).toBe(0)
    const throwing = (): never => {
      throw new Error('no')
    }
    expect(share({ parse: throwing })).toBe(0)
  })

  test('summariseEvaluation() tells what more completions buy at how many tokens', () => {
    const records = [...repeatedRecords('a', [1, 0, 0, 0]), ...repeatedRecords('b', [0.5, 0, 0.5, 0])]
    const { scaling } = summariseEvaluation(records, evalOf())
    expect(scaling.map(({ k, tokens, cases }) => [k, tokens, cases])).toEqual([
      [1, 2, 2],
      [2, 4, 2],
      [4, 8, 2],
    ])
    expect(scaling.map(({ passAtK }) => passAtK)).toEqual([0.125, 0.25, 0.5].map((value) => expect.closeTo(value, 12)))
    expect(scaling.map(({ passHatK }) => passHatK)).toEqual([0.125, 0, 0].map((value) => expect.closeTo(value, 12)))
    expect(scaling[2]?.bestReward).toBeCloseTo(0.75, 12)
    expect(scaling[2]?.majority).toBe(0)
    expect(scaling[0]?.majority).toBeCloseTo(0.125, 12)
  })

  test('summariseEvaluation() says whether reinforcement has a signal', () => {
    const rows = { a: [1, 0, 0, 1], b: [1, 1, 1, 1], c: [0, 0, 0, 0], d: [0.5, 0, 0, 0], e: [1, null, null, null] }
    const records = Object.entries(rows).flatMap(([id, rewards]) => repeatedRecords(id, rewards))
    const { readiness } = summariseEvaluation(records, evalOf())
    expect(readiness).toEqual({ never: 0.5, sometimes: 0.25, always: 0.25, rewardsDiffer: 0.5, cases: 4 })
  })

  test('summariseEvaluation() measures the gap between cases and their twins over pairs', () => {
    const twin = (id: string, of: string, reward: number) => gradedRecord(id, { reward, twinOf: of })
    const cases = ['a', 'b', 'c', 'd'].map((id) => gradedRecord(id, { reward: id === 'd' ? 0 : 1 }))
    const twins = [twin('a2', 'a', 1), twin('b2', 'b', 0), twin('c2', 'c', 0), twin('x2', 'x', 1)]
    const summary = summariseEvaluation([...cases, ...twins], evalOf())
    expect([summary.cases, summary.passShare]).toEqual([4, 0.75])
    expect(summary.twins).toMatchObject({ pairs: 3, caseShare: 1, gap: expect.closeTo(2 / 3, 12) })
    const [lower, upper] = summary.twins?.interval ?? [0, 0]
    expect(lower).toBeLessThan(0.2)
    expect(upper).toBeGreaterThan(2 / 3)
    expect(summariseEvaluation(twins, evalOf()).cases).toBe(4)
    expect(summariseEvaluation(cases, evalOf()).twins).toBe(null)
  })

  test('summariseEvaluation() never calls a gap certain that it saw nothing of', () => {
    const records = Array.from({ length: 20 }, (_, n) => [gradedRecord(`c${n}`), gradedRecord(`t${n}`, { twinOf: `c${n}` })]).flat()
    const { gap, interval } = summariseEvaluation(records, evalOf()).twins ?? { gap: 1, interval: [0, 0] as const }
    expect(gap).toBe(0)
    expect(interval[0]).toBeLessThan(-0.05)
    expect(interval[1]).toBeGreaterThan(0.05)
    const inOneCluster = records.map((record) => ({ ...record, cluster: 'k' }))
    expect(summariseEvaluation(inOneCluster, evalOf()).twins?.interval).toEqual([-1, 1])
  })

  test('summariseEvaluation() takes the mean of audit graders over cases, and counts tokens', () => {
    const usage = { promptTokens: 10, completionTokens: 3 }
    const records = [
      gradedRecord('a', { audit: { length: 0.5, broken: null } }),
      gradedRecord('b', { audit: { length: 1, broken: null }, usage }),
      gradedRecord('c', { audit: {}, tokenIds: [], usage }),
      gradedRecord('d', { tokenIds: [] }),
    ]
    const summary = summariseEvaluation(records, evalOf())
    expect(summary.audit).toEqual({ length: { mean: 0.75, stderr: 0.25, cases: 2 } })
    expect(summary.tokens).toEqual({ promptTokens: 20, completionTokens: 2 + 3 + 3, uncounted: 1 })
  })

  test('summariseEvaluation() has no share of nothing', () => {
    const summary = summariseEvaluation([gradedRecord('a', { reward: null })], evalOf())
    expect([summary.passShare, summary.interval, summary.reward, summary.ungradedCases]).toEqual([null, [0, 1], null, 1])
    expect(summariseEvaluation([], evalOf())).toMatchObject({ cases: 0, passShare: null, scaling: [] })
  })
})

describe('formatSummary()', () => {
  test('formatSummary() prints every part of a repeated eval with twins and audits', () => {
    const rows = { a: [1, 0, 0, 1], b: [1, 1, 1, 1], c: [0, 0, 0, null] }
    const records = Object.entries(rows).flatMap(([id, rewards]) => [
      ...repeatedRecords(id, rewards, { audit: { 'len\u001b[2J': 0.5 } }),
      ...repeatedRecords(`${id}-twin`, [0, 0, 0, 1], { twinOf: id }),
    ])
    expect(formatSummary(summariseEvaluation(records, evalOf()))).toMatchInlineSnapshot(`
      "passed     50.0 % of 3 cases, mean of 4 completions each (95 % interval 12.5 % to 87.5 %)
      reward     mean 0.500 (standard error 0.289)
      ungraded   1 of 24 completions
      scaling     pass@k  pass^k  majority@k  best-of-k reward  tokens a case  cases
      k = 1       50.0 %  50.0 %      50.0 %             0.500              2      3
      k = 2       61.1 %  38.9 %      50.0 %             0.611              4      3
      k = 4      100.0 %  50.0 %     100.0 %             1.000              8      2
      readiness  reinforcement has a signal: 33 % of the cases are solved sometimes, 33 % always, 33 % never
      twin gap   +25.0 points (95 % interval -99.2 to +100.0): cases 50.0 %, their twins 25.0 %, 3 pairs
      audit      "len [2J" mean 0.500 (standard error 0.000)
      tokens     48 drawn"
    `)
  })

  test('formatSummary() leaves out what there is nothing to say about', () => {
    expect(formatSummary(summariseEvaluation([gradedRecord('a'), gradedRecord('b', { reward: 0 })], evalOf()))).toMatchInlineSnapshot(`
      "passed     50.0 % of 2 cases (95 % interval 9.5 % to 90.5 %)
      reward     mean 0.500 (standard error 0.500)
      tokens     4 drawn"
    `)
    expect(formatSummary(summariseEvaluation([gradedRecord('a', { reward: null })], evalOf()))).toMatchInlineSnapshot(`
      "passed     nothing could be graded: 1 case
      ungraded   1 of 1 completions
      tokens     2 drawn"
    `)
  })

  test('formatSummary() says what is missing for reinforcement', () => {
    const line = (rewards: readonly number[], temperature = 1): string =>
      formatSummary(summariseEvaluation(repeatedRecords('a', rewards), evalOf({ sampling: { ...SAMPLING, temperature } })))
        .split('\n')
        .find((text) => text.startsWith('readiness')) as string
    expect([line([0, 0]), line([1, 1]), line([0, 0.5]), line([1, 0], 0)]).toMatchInlineSnapshot(`
      [
        "readiness  reinforcement has no signal: 0 % of the cases are solved sometimes, 0 % always, 100 % never; supervised examples must come first",
        "readiness  reinforcement has no signal: 0 % of the cases are solved sometimes, 100 % always, 0 % never; harder cases are needed",
        "readiness  reinforcement has a signal: 0 % of the cases are solved sometimes, 0 % always, 100 % never; rewards differ in 100 %",
        "readiness  unknown: at temperature 0 all repeats are alike (100 % of the cases are solved sometimes, 0 % always, 0 % never)",
      ]
    `)
  })
})
