import { expect, test } from 'vitest'
import type { Completion } from '../../src/eval/completion.ts'
import { graders } from '../../src/grader/graders.ts'
import { createErrorNotes, createRewardFunction } from '../../src/grading/reward-function.ts'
import { sumsEval } from './sums-eval.ts'

const cases = [
  { id: 't', input: '1+1', expected: '2', role: 'train' as const },
  { id: 'g', input: '2+2', expected: '4', role: 'gate' as const },
  { id: 'd', input: '3+3', expected: '6', role: 'dev' as const },
]
const say = (text: string): Completion => ({ text, tokenIds: [], logProbs: null, finishReason: 'stop' })

test('createRewardFunction() rewards by the strict profile, in the order of the requests', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases }))
  const requests = ['2', 'It is 2', '3'].map((text) => ({ eval: '', caseId: 't', completion: say(text) }))
  expect(await reward(requests)).toEqual([1, 0, 0])
})

test('createRewardFunction() gives null where a grade could not be given, and shows each grade', async () => {
  const broken = graders.custom('broken', () => {
    throw new Error('x')
  })
  const codes: unknown[] = []
  const reward = createRewardFunction(await sumsEval(0, { cases, graders: [broken] }), (_, grade) => codes.push(grade.errors[0]?.code))
  expect(await reward([{ eval: '', caseId: 't', completion: say('2') }])).toEqual([null])
  expect(codes).toEqual(['GRADER_THREW'])
})

test('createRewardFunction() does not count audit graders', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases, auditGraders: [graders.custom('zero', () => 0)] }))
  expect(await reward([{ eval: '', caseId: 't', completion: say('2') }])).toEqual([1])
})

test('createRewardFunction() refuses cases that may not be trained on', async () => {
  const reward = createRewardFunction(await sumsEval(0, { cases }))
  await expect(reward([{ eval: '', caseId: 'g', completion: say('4') }])).rejects.toThrowErrorMatchingInlineSnapshot(`
    [RewardRefusedError: REWARD_REFUSED  Case "g" of eval "sums" must not be rewarded: its role is "gate"
      where  trainer
      fix    train on cases with role "train" only; every other role is there to judge what was trained]
  `)
  await expect(reward([{ eval: '', caseId: 'd', completion: say('6') }])).rejects.toThrow('its role is "dev"')
  await expect(reward([{ eval: '', caseId: 'x', completion: say('') }])).rejects.toThrow('the eval has no such case')
})

test('createRewardFunction() rewards replayed cases by the graders of their own eval', async () => {
  const replayed = await sumsEval(0, {
    name: 'shout',
    cases: [{ id: 't', input: 'a', expected: 'A', role: 'train' }],
    graders: [graders.exactMatch()],
  })
  const reward = createRewardFunction({ own: await sumsEval(0, { cases }), replayed: [replayed] })
  const asked = [['', '2'], ['shout', 'A'], ['shout', '2'], ['sums', '2']] as const // prettier-ignore
  expect(await reward(asked.map(([name, text]) => ({ eval: name, caseId: 't', completion: say(text) })))).toEqual([1, 1, 0, 1])
})

test('createRewardFunction() refuses replayed cases that may not be trained on, and evals that are not replayed', async () => {
  const replayed = await sumsEval(1, { name: 'other' })
  const reward = createRewardFunction({ own: await sumsEval(0, { cases }), replayed: [replayed] })
  const refused = (name: string, caseId: string) => reward([{ eval: name, caseId, completion: say('1') }])
  await expect(refused('other', 'c0')).rejects.toThrow('Case "c0" of eval "other" must not be rewarded: its role is "gate"')
  await expect(refused('other', 't')).rejects.toThrow('Case "t" of eval "other" must not be rewarded: the eval has no such case')
  await expect(refused('no\u001bsuch', 't')).rejects.toThrow('Case "t" of eval "no such" must not be rewarded')
  await expect(refused('__proto__', 't')).rejects.toThrow('must not be rewarded')
})

test('createErrorNotes() tells why a request got no reward, and of no other', async () => {
  const picky = graders.custom('picky', ({ completion }) => {
    if (completion.text === '2') return 1
    throw new Error('no\u001bnumber')
  })
  const { onGrade, whyUngraded } = createErrorNotes()
  const reward = createRewardFunction(await sumsEval(0, { cases, graders: [picky] }), onGrade)
  const requests = ['2', 'x'].map((text) => ({ eval: '', caseId: 't', completion: say(text) }))
  expect(await reward(requests)).toEqual([1, null])
  expect(requests.map(whyUngraded)).toEqual([null, 'GRADER_THREW: grader "picky" threw "no number"'])
  expect(whyUngraded({ eval: '', caseId: 't', completion: say('x') })).toBe(null)
})
