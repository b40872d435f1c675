import { expect, test } from 'vitest'
import type { Case } from '../../src/eval/case.ts'
import type { Completion } from '../../src/eval/completion.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeCompletion } from '../../src/grading/grade-completion.ts'
import type { CompletionGrade, GradedEval } from '../../src/grading/grade-completion.ts'

const row: Case = { id: 'c', input: 'q', expected: 'yes', role: 'gate', tags: [] }
const answer = (text: string): Completion => ({ text, tokenIds: [], logProbs: null, finishReason: 'stop' })

function grade(definition: Partial<GradedEval>, text = 'yes', completion = answer(text)): Promise<CompletionGrade> {
  const whole = { graders: [graders.exactMatch()], auditGraders: [], parse: null, ...definition }
  return gradeCompletion(whole, row, { completion, profile: 'eval' })
}

const always = (name: string, reward: unknown, weight?: number): GradedEval['graders'][number] =>
  graders.custom(name, () => reward as number, weight === undefined ? {} : { weight })

test('gradeCompletion() gives the only grader’s grade as it is', async () => {
  expect(await grade({})).toEqual({ reward: 1, subRewards: {}, formatValid: null, extractionRule: 'whole', errors: [], audit: {} })
})

test('gradeCompletion() gives the weighted mean of several graders, with each as a part', async () => {
  const several = {
    graders: [always('a', 1, 3), always('b', 0), graders.custom('c', () => ({ reward: 0.5, subRewards: { p: 1 }, formatValid: false }))],
  }
  expect(await grade(several)).toMatchObject({ reward: 3.5 / 5, subRewards: { a: 1, b: 0, c: 0.5, 'c.p': 1 }, formatValid: false })
})

test('gradeCompletion() gives exactly 1 when all weighted rewards are 1', async () => {
  expect((await grade({ graders: [0.1, 0.2, 0.7, 0.3].map((weight, index) => always(String(index), 1, weight)) })).reward).toBe(1)
})

test('gradeCompletion() keeps audit graders out of the reward', async () => {
  const audited = await grade({ auditGraders: [always('length', 0.25), always('broken', 'x')] })
  expect([audited.reward, audited.audit, audited.errors]).toEqual([1, { length: 0.25, broken: null }, []])
})

test('gradeCompletion() hands graders what parse made', async () => {
  expect((await grade({ parse: (text) => text.replace('Answer: ', '') }, 'Answer: yes')).reward).toBe(1)
})

test('gradeCompletion() gives null and PARSE_THREW when parse throws', async () => {
  const parse = (): never => {
    throw new RangeError('no \u001b[2Jcolon')
  }
  expect(await grade({ parse })).toEqual({
    reward: null,
    subRewards: {},
    formatValid: null,
    extractionRule: null,
    errors: [{ code: 'PARSE_THREW', message: `the eval's parse threw "no  [2Jcolon"` }],
    audit: {},
  })
})

test('gradeCompletion() gives null and GRADER_THREW with the name when a grader throws or rejects', async () => {
  const throwing = graders.custom('mine', () => {
    throw new Error('boom')
  })
  const rejecting = graders.custom('other', () => Promise.reject(new Error('later')))
  const result = await grade({ graders: [always('good', 1), throwing, rejecting] })
  expect(result.reward).toBe(null)
  expect(result.subRewards).toEqual({ good: 1, mine: null, other: null })
  expect(result.errors).toEqual([
    { code: 'GRADER_THREW', message: 'grader "mine" threw "boom"' },
    { code: 'GRADER_THREW', message: 'grader "other" threw "later"' },
  ])
})

test.each([
  [Number.NaN, 'the reward NaN, which is neither null nor from 0 to 1'],
  [1.5, 'the reward 1.5, which is neither null nor from 0 to 1'],
  [-0.1, 'the reward -0.1, which is neither null nor from 0 to 1'],
  [undefined, 'undefined instead of a grade'],
  ['yes', 'string instead of a grade'],
  [{ passed: true }, 'the reward undefined, which is neither null nor from 0 to 1'],
  [{ reward: '1' }, 'the reward string, which is neither null nor from 0 to 1'],
  [{ reward: 1, subRewards: { a: Number.NaN } }, 'the part "a" as NaN'],
  [{ reward: 1, subRewards: null }, 'no subRewards'],
  [{ reward: 1, formatValid: 'yes' }, 'formatValid as string'],
  [{ reward: 1, extractionRule: 3 }, 'extractionRule as 3'],
  [{ reward: 1, errors: 'none' }, 'no errors list'],
])('gradeCompletion() gives null and GRADER_BAD_GRADE for %j', async (bad, problem) => {
  const result = await grade({ graders: [always('mine', bad)] })
  expect(result.reward).toBe(null)
  expect(result.errors).toEqual([{ code: 'GRADER_BAD_GRADE', message: `grader "mine" gave ${problem}` }])
})

test('gradeCompletion() gives null for a completion that the model failed to give', async () => {
  const result = await grade({}, 'yes', { ...answer('yes'), finishReason: 'error' })
  expect([result.reward, result.errors]).toEqual([null, [{ code: 'COMPLETION_FAILED', message: 'the model gave no completion' }]])
})

test('gradeCompletion() grades what follows the thoughts of a thinking model, and keeps the thoughts from parser and graders', async () => {
  const seen: string[] = []
  const spy = graders.custom('spy', ({ completion }) => {
    seen.push(completion.text)
    return 1
  })
  const text = '<think>the answer is no</think>\n\nyes'
  expect((await grade({ thinking: 'on', graders: [graders.exactMatch(), spy], parse: (given) => given }, text)).reward).toBe(1)
  expect(seen).toEqual(['yes'])
})

test('gradeCompletion() never takes thoughts for the answer, whether or not the suite says that the model thinks', async () => {
  for (const text of [
    '<think>yes</think> no',
    '<think>yes',
    'no <THINKING>yes',
    'yes</think>no',
    '[THINK]yes[/THINK]no',
    '◁think▷yes◁/think▷',
  ])
    expect((await grade({}, text)).reward, text).toBe(0)
  expect((await grade({}, '<think>no</think>\n\nyes')).reward).toBe(1)
  expect((await grade({}, '<|channel|>analysis<|message|>no<|end|><|start|>assistant<|channel|>final<|message|>yes')).reward).toBe(1)
  const thoughts = graders.custom('thoughts', ({ written = '' }) => written.startsWith('<think>'))
  expect((await grade({ graders: [thoughts] }, '<think>no</think>yes')).reward).toBe(1)
})
