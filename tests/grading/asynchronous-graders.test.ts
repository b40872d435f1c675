import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Case } from '../../src/eval/case.ts'
import type { Completion, Message } from '../../src/eval/completion.ts'
import type { GradeInput, Grader, GraderModels } from '../../src/eval/grader.ts'
import { gradeOf } from '../../src/grader/grade-result.ts'
import { graders } from '../../src/grader/graders.ts'
import { callGrader } from '../../src/grading/call-grader.ts'
import { GRADED_AT_ONCE } from '../../src/grading/grade-chunk.ts'
import { gradeAnswer, gradeCompletion } from '../../src/grading/grade-completion.ts'
import { createRewardFunction } from '../../src/grading/reward-function.ts'
import { settleBounded } from '../../src/grading/settle-bounded.ts'
import { sumsEval } from './sums-eval.ts'

const row: Case = { id: 'c', input: 'q', expected: 'yes', role: 'gate', tags: [] }
const say = (text: string, finishReason: Completion['finishReason'] = 'stop'): Completion => ({
  text,
  tokenIds: [],
  logProbs: null,
  finishReason,
})
const plain = { graders: [graders.exactMatch()], auditGraders: [], parse: null }
const bare = (grade: Grader['grade'], changes: Partial<Grader> = {}): Grader => ({
  ...graders.exactMatch(),
  name: 'bare',
  grade,
  ...changes,
})

test('callGrader() waits as long as the grader says it may take', async () => {
  const input: GradeInput = { case: row, completion: say('yes'), parsed: 'yes', profile: 'eval' }
  const slow = (timeoutMs: number): Grader => bare(() => sleep(60).then(() => gradeOf(1)), { timeoutMs })
  expect(await callGrader(slow(5), input)).toMatchObject({ errors: [{ message: 'grader "bare" gave no grade within 5 ms' }] })
  // A timer cannot wait for these: the default stands.
  for (const odd of [Number.NaN, Infinity, -1, 0]) expect((await callGrader(slow(odd), input)).reward).toBe(1)
})

test('gradeAnswer() gives the grade itself where all graders answer at once, and a promise where one does not', async () => {
  expect(gradeAnswer(plain, row, { completion: say('yes'), profile: 'eval' })).toMatchObject({ reward: 1 })
  const later = gradeAnswer({ ...plain, auditGraders: [bare(async () => gradeOf(0.5))] }, row, { completion: say('yes'), profile: 'eval' })
  expect(later).toBeInstanceOf(Promise)
  expect(await later).toMatchObject({ reward: 1, audit: { bare: 0.5 } })
})

test('gradeAnswer() does not grade what a content filter held back or the model failed to give', async () => {
  const grade = (finishReason: Completion['finishReason']) =>
    gradeCompletion(plain, row, { completion: say('yes', finishReason), profile: 'eval' })
  expect(await grade('content-filter')).toMatchObject({
    reward: null,
    errors: [{ code: 'CONTENT_FILTERED', message: "the server's content filter held the completion back" }],
  })
  expect((await grade('error')).errors[0]?.code).toBe('COMPLETION_FAILED')
  expect((await grade('tool-calls')).reward).toBe(1)
})

test('gradeAnswer() hands graders the messages and the models they may ask', async () => {
  const messages: Message[] = [{ role: 'user', content: 'q' }]
  const models: GraderModels = { complete: () => Promise.resolve(say('5')), embed: () => Promise.resolve([]) }
  const request = { messages, sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: 1 }, seed: 1 }
  const judge = bare(async (input) => {
    const answer = await input.models?.complete('judge', request)
    return gradeOf(answer?.text === '5' && input.messages === messages ? 1 : 0)
  })
  const graded = gradeCompletion({ ...plain, graders: [judge] }, row, { completion: say('x'), profile: 'eval', messages, models })
  expect((await graded).reward).toBe(1)
})

test('settleBounded() keeps the order of the items and at most the limit under way', async () => {
  let [underWay, most] = [0, 0]
  const results = await settleBounded(
    Array.from({ length: 40 }, (_, n) => n),
    6,
    async (n) => {
      most = Math.max(most, ++underWay)
      for (let turns = 0; turns < (n * 7) % 11; turns++) await turn()
      underWay -= 1
      return n * n
    },
  )
  expect(results).toEqual(Array.from({ length: 40 }, (_, n) => n * n))
  expect([most, underWay]).toEqual([6, 0])
})

test('settleBounded() mixes work that answers at once with work that does not, and fails with the first failure', async () => {
  expect(await settleBounded([1, 2, 3], 2, (n) => (n === 2 ? turn().then(() => 'late') : `at once ${n}`))).toEqual([
    'at once 1',
    'late',
    'at once 3',
  ])
  const failing = settleBounded([1, 2, 3], 3, async (n) => {
    for (let turns = 0; turns < 4 - n; turns++) await turn()
    throw new Error(`no ${n}`)
  })
  await expect(failing).rejects.toThrow('no 3')
  // The other two fail after it: an unhandled rejection would fail the test run.
  await sleep(10)
})

test('createRewardFunction() asks several judges at once, tells grades in the order of the requests, and passes models on', async () => {
  let [underWay, most] = [0, 0]
  const models: GraderModels = { complete: () => Promise.resolve(say('1')), embed: () => Promise.resolve([]) }
  const judge = graders.custom('judge', async (input) => {
    most = Math.max(most, ++underWay)
    for (let turns = 10 - Number(input.completion.text); turns > 0; turns--) await turn()
    underWay -= 1
    return input.models === models && input.messages?.[0]?.content === '1+1' ? Number(input.completion.text) / 10 : 0
  })
  const cases = [{ id: 't', input: '1+1', expected: '2', role: 'train' as const }]
  const seen: (number | null)[] = []
  const reward = createRewardFunction(await sumsEval(0, { cases, graders: [judge] }), (_, grade) => seen.push(grade.reward), models)
  const requests = Array.from({ length: 10 }, (_, n) => ({ eval: '', caseId: 't', completion: say(String(n)) }))
  expect(await reward(requests)).toEqual(seen)
  expect(seen).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  expect(most).toBe(GRADED_AT_ONCE)
})
