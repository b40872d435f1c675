import { expect, test } from 'vitest'
import type { Case } from '../../../src/eval/case.ts'
import { grader } from '../../../src/grader/custom-grader.ts'
import { agreementLine } from '../../../src/cli/commands/check-graders.ts'
import { agreementOf, judgeAgreement, judgeLabelled, labelledAnswers } from '../../../src/round/evaluation/judge-agreement.ts'

const NO_MODELS = { complete: () => Promise.reject(new Error('none')), embed: () => Promise.reject(new Error('none')) }
const row = (id: string, changes: Partial<Case>): Case => ({ id, input: id, expected: null, role: 'dev', tags: [], ...changes })
const times = (count: number, human: boolean, judge: boolean | null): { human: boolean; judge: boolean | null }[] =>
  Array.from({ length: count }, () => ({ human, judge }))

test('judgeAgreement() gives share, interval and Cohen’s kappa of a table worked out by hand', () => {
  // 50 answers: both good 20, only the human 5, only the judge 10, both bad 15: share 0.7, chance 0.5, kappa 0.4.
  const found = judgeAgreement([...times(20, true, true), ...times(5, true, false), ...times(10, false, true), ...times(15, false, false)])
  expect(found).toMatchObject({ compared: 50, agreed: 35, ungraded: 0, share: 0.7 })
  expect(found.kappa).toBeCloseTo(0.4, 12)
  expect(found.interval[0]).toBeCloseTo(0.5625, 3)
  expect(found.interval[1]).toBeCloseTo(0.809, 3)
})

test('judgeAgreement() leaves out what the judge could not grade', () => {
  const found = judgeAgreement([...times(3, true, true), ...times(1, false, false), ...times(2, true, null)])
  expect(found).toMatchObject({ compared: 4, agreed: 4, ungraded: 2, share: 1, kappa: 1 })
})

test('judgeAgreement() gives no kappa where a verdict never varies, and no share of nothing', () => {
  expect(judgeAgreement(times(9, true, true)).kappa).toBe(null)
  expect(judgeAgreement(times(2, true, null))).toEqual({ compared: 0, agreed: 0, ungraded: 2, share: null, interval: [0, 1], kappa: null })
})

test('judgeLabelled() has the answers judged that people chose and rejected', async () => {
  const cases = [row('a', { chosen: 'yes please', rejected: 'no' }), row('b', { rejected: 'yes, but wrong' }), row('c', { thumb: 'up' })]
  const answers = labelledAnswers(cases)
  expect(answers.map(({ text, isGood }) => [text, isGood])).toEqual([
    ['yes please', true],
    ['no', false],
    ['yes, but wrong', false],
  ])
  const judge = grader('yes', ({ completion }) => completion.text.startsWith('yes'))
  const judged = await judgeLabelled(judge, answers, { models: NO_MODELS, passThreshold: 1 })
  expect(judgeAgreement(judged)).toMatchObject({ compared: 3, agreed: 2 })
})

test('agreementOf() asks the judges of an eval alone, and only where people labelled answers', async () => {
  const kindly = { ...grader('kind', ({ completion }) => completion.text.includes('please')), kind: 'judge-score' }
  const exact = grader('exact', () => true)
  const evaluated = { graders: [exact, kindly], auditGraders: [], passThreshold: 1 }
  const options = { cases: 10, models: NO_MODELS }
  const cases = [row('a', { chosen: 'yes please', rejected: 'no' }), row('b', { chosen: 'fine' }), row('c', {})]
  const [found, ...others] = await agreementOf({ ...evaluated, cases }, options)
  expect(others).toEqual([])
  expect(found).toMatchObject({ judge: 'kind', compared: 3, agreed: 2 })
  expect(agreementLine(found as NonNullable<typeof found>)).toBe(
    'agrees   judge "kind" with people on 2 of 3 answers, 66.7 % (95 % interval 20.8 % to 93.9 %), kappa 0.40',
  )
  expect(await agreementOf({ ...evaluated, cases: [row('c', {})] }, options)).toEqual([])
})

test('agreementOf() shows a judge of pairs what people rejected, not the chosen answer against itself', async () => {
  const pairs = { ...grader('pairs', ({ completion }) => completion.text === 'good'), kind: 'judge-pairwise' }
  const cases = [row('a', { chosen: 'good', rejected: 'bad' })]
  const [found] = await agreementOf({ graders: [pairs], auditGraders: [], passThreshold: 1, cases }, { cases: 10, models: NO_MODELS })
  expect(found).toMatchObject({ compared: 1, agreed: 1, kappa: null })
})
