import { expect, test } from 'vitest'
import type { Completion } from '../../src/eval/completion.ts'
import { graders } from '../../src/grader/graders.ts'
import { createRewardFunction } from '../../src/grading/reward-function.ts'
import { sumsEval } from './sums-eval.ts'

const cases = [
  { id: 't', input: '1+1', expected: '2', role: 'train' as const },
  { id: 'g', input: '2+2', expected: '4', role: 'gate' as const },
  { id: 'd', input: '3+3', expected: '6', role: 'dev' as const },
]
const say = (text: string): Completion => ({ text, tokenIds: [], logProbs: null, finishReason: 'stop' })

test('createRewardFunction() rewards by the strict profile, in the order of the requests', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases }))
  const requests = ['2', 'It is 2', '3'].map((text) => ({ caseId: 't', completion: say(text) }))
  expect(await reward(requests)).toEqual([1, 0, 0])
})

test('createRewardFunction() gives null where a grade could not be given, and shows each grade', async () => {
  const broken = graders.custom('broken', () => {
    throw new Error('x')
  })
  const codes: unknown[] = []
  const reward = createRewardFunction(await sumsEval(0, { cases, graders: [broken] }), (_, grade) => codes.push(grade.errors[0]?.code))
  expect(await reward([{ caseId: 't', completion: say('2') }])).toEqual([null])
  expect(codes).toEqual(['GRADER_THREW'])
})

test('createRewardFunction() does not count audit graders', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases, auditGraders: [graders.custom('zero', () => 0)] }))
  expect(await reward([{ caseId: 't', completion: say('2') }])).toEqual([1])
})

test('createRewardFunction() refuses cases that may not be trained on', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases }))
  await expect(reward([{ caseId: 'g', completion: say('4') }])).rejects.toThrowErrorMatchingInlineSnapshot(`
    [RewardRefusedError: REWARD_REFUSED  Case "g" of eval "sums" must not be rewarded: its role is "gate"
      where  trainer
      fix    train on cases with role "train" only; every other role is there to judge what was trained]
  `)
  await expect(reward([{ caseId: 'd', completion: say('6') }])).rejects.toThrow('its role is "dev"')
  await expect(reward([{ caseId: 'x', completion: say('') }])).rejects.toThrow('the eval has no such case')
})
