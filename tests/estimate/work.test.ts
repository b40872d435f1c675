import { expect, test } from 'vitest'
import { addWork, answerWork, methodWork, NO_WORK, type RoundTexts, type Work } from '../../src/estimate/work.ts'
import { methodSchema } from '../../src/method/method-spec.ts'

const TEXTS: RoundTexts = { trainCases: 50, promptTokens: 100, answerTokens: 20, newTokens: { expected: 30, most: 64 } }
const optimizer = { learningRate: 0.001 }

function workOf(settings: Readonly<Record<string, unknown>>, texts: RoundTexts = TEXTS): Work {
  const shared = settings['name'] === 'chain' ? {} : { optimizer }
  return methodWork(methodSchema.parse({ ...shared, steps: 10, ...settings }), texts)
}

test('methodWork() of sft trains prompts and demonstrations and draws nothing', () => {
  const tokens = 10 * 4 * (100 + 20)
  expect(workOf({ name: 'sft', batchSize: 4 })).toEqual({ ...NO_WORK, trainedTokens: { expected: tokens, most: tokens } })
})

test('methodWork() of grpo draws every completion, reads each prompt once and trains to the limit at most', () => {
  expect(workOf({ name: 'grpo', promptsPerStep: 4, samplesPerPrompt: 8 })).toEqual({
    completions: 10 * 4 * 8,
    promptTokens: 10 * 4 * 100,
    newTokens: { expected: 320 * 30, most: 320 * 64 },
    trainedTokens: { expected: 320 * 130, most: 320 * 164 },
    scoredTokens: { expected: 0, most: 0 },
  })
})

test('methodWork() of grpo draws once for several updates, and scores for them and for a reference', () => {
  const work = workOf({ name: 'grpo', promptsPerStep: 4, samplesPerPrompt: 8, updatesPerBatch: 3, klWeight: 0.1 })
  expect(work.completions).toBe(4 * 4 * 8)
  expect(work.trainedTokens.expected).toBe(10 * 32 * 130)
  expect(work.scoredTokens.expected).toBe(2 * 4 * 32 * 130)
})

test('methodWork() of raft draws at most the cases that there are, once an epoch', () => {
  const raft = { name: 'raft', batchSize: 4, epochs: 3, promptsPerEpoch: 96, samplesPerPrompt: 4 }
  expect(workOf(raft)).toMatchObject({ completions: 3 * 50 * 4, promptTokens: 3 * 50 * 100, trainedTokens: { expected: 40 * 130 } })
  expect(workOf({ ...raft, promptsPerEpoch: 20 }).completions).toBe(3 * 20 * 4)
})

test('methodWork() of preferences takes both answers of a pair, a reference for dpo, and samples where they are drawn', () => {
  const dpo = { name: 'dpo', batchSize: 4 }
  const tokens = 2 * 40 * 120
  expect(workOf(dpo)).toMatchObject({ completions: 0, trainedTokens: { most: tokens }, scoredTokens: { most: tokens } })
  expect(workOf({ name: 'simpo', batchSize: 4 })).toMatchObject({ trainedTokens: { most: tokens }, scoredTokens: { most: 0 } })
  expect(workOf({ ...dpo, from: 'samples', samplesPerPrompt: 6 })).toMatchObject({
    completions: 50 * 6,
    trainedTokens: { expected: 2 * 40 * 130, most: 2 * 40 * 164 },
  })
  expect(workOf({ name: 'kto', batchSize: 4 })).toMatchObject({ trainedTokens: { most: 40 * 120 }, scoredTokens: { most: 3 * 40 * 120 } })
})

test('methodWork() adds an instance filter and the stages of a chain', () => {
  const grpo = { name: 'grpo', promptsPerStep: 4, samplesPerPrompt: 8, instanceFilter: { samples: 5 } }
  expect(workOf(grpo).completions).toBe(320 + 50 * 5)
  const stage = { optimizer, steps: 10 }
  const chain = workOf({
    name: 'chain',
    steps: 20,
    stages: [
      { name: 'sft', batchSize: 4, ...stage },
      { ...grpo, ...stage },
    ],
  })
  expect(chain).toEqual(addWork([workOf({ name: 'sft', batchSize: 4 }), workOf(grpo)]))
})

test('answerWork() answers every prompt once', () => {
  expect(answerWork(7, TEXTS)).toEqual({ ...NO_WORK, completions: 7, promptTokens: 700, newTokens: { expected: 210, most: 448 } })
})
