import { expect, test } from 'vitest'
import { defineEval } from '../../../src/eval/define-eval.ts'
import type { Eval, EvalOptions } from '../../../src/eval/eval.ts'
import { loadEval } from '../../../src/eval/load-eval.ts'
import { grader } from '../../../src/grader/custom-grader.ts'
import { graders } from '../../../src/grader/graders.ts'
import { rewardPassShare } from '../../../src/round/evaluation/reward-profile.ts'
import { gradedRecord } from '../graded-records.ts'

const load = (options: Partial<EvalOptions> = {}): Promise<Eval> =>
  loadEval(
    defineEval({
      name: 'sums',
      cases: ['a', 'b', 'c', 'd'].map((id) => ({ id, role: 'dev', input: id, expected: 5 })),
      prompt: '{{input}}',
      graders: [graders.number()],
      ...options,
    }),
    { origin: 'sums' },
  )

const records = [
  gradedRecord('a', { reward: 1, completion: '5' }),
  gradedRecord('b', { reward: 1, completion: 'It is 5' }),
  gradedRecord('c', { reward: 0, completion: 'It is 6' }),
  gradedRecord('d', { reward: null, completion: '5' }),
]

test('rewardPassShare() is the share of graded completions that pass as rewards too', async () => {
  expect(await rewardPassShare(records, await load())).toBeCloseTo(1 / 3, 12)
})

test('rewardPassShare() asks no grader twice that asks a model or runs code', async () => {
  let asked = 0
  const slow = grader('slow', () => Boolean(++asked), { timeoutMs: 60_000 })
  expect([await rewardPassShare(records, await load({ graders: [slow] })), asked]).toEqual([null, 0])
})

test('rewardPassShare() is null when nothing could be graded', async () => {
  expect(await rewardPassShare(records.slice(3), await load())).toBeNull()
})
