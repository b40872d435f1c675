import { expect, test } from 'vitest'
import { grader } from '../../src/grader/custom-grader.ts'
import { checkSmall, SFT, ratedEval, smallEval } from './small-suite.ts'

const GRPO = { name: 'grpo', steps: 4, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.001 } as const
const arms = [
  { name: 'sft', role: 'candidate', method: SFT },
  { name: 'grpo', role: 'candidate', method: GRPO },
] as const

const twin = { id: 'refill-twin', role: 'twin', twinOf: 'refill-1', input: 'another wording', expected: '1' } as const
const plain = smallEval('refill').options.cases as readonly object[]

test('checkSuite() refuses an arm that is rewarded on an eval with neither twins nor audit graders', async () => {
  await expect(checkSmall({ arms })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [SuiteUnguardedError: SUITE_UNGUARDED  Graders are the reward on evals with neither twins nor audit graders: "refill" (arm grpo), "triage" (arm grpo)
      where  small.suite.ts
      fix    add cases with role "twin" (a paraphrase or another number, twinOf a dev case) or auditGraders to these evals; to train without, set hacking: 'unguarded' in the suite]
  `)
})

test('checkSuite() takes such an arm when the suite insists', async () => {
  const suite = await checkSmall({ arms, hacking: 'unguarded' })
  expect(suite.arms.map(({ name }) => name)).toEqual(['sft', 'grpo'])
})

test('checkSuite() takes it where audit graders or twins watch, even when a budget leaves no twins', async () => {
  const audited = smallEval('triage', { auditGraders: [grader('audit', () => 1)] })
  const twinned = smallEval('refill', { cases: [...plain, twin] as never })
  const options = { arms, features: [twinned, audited], budgets: { few: { twinCases: 0 } } }
  expect((await checkSmall(options, { budget: 'few' })).features.map(({ guarded }) => guarded)).toEqual([true, true])
})

test('checkSuite() asks nothing of suites whose arms are not rewarded, pairs that people gave included', async () => {
  const dpo = { name: 'dpo', from: 'people', steps: 4, batchSize: 2, learningRate: 0.001 } as const
  const people = [{ name: 'dpo', role: 'candidate', method: dpo }] as const
  const features = [ratedEval('refill', { chosen: 'a', rejected: 'b' })]
  expect((await checkSmall({ arms: people, features }, { trainer: 'trl' })).arms).toHaveLength(1)
  const sampled = [{ name: 'dpo', role: 'candidate', method: { ...dpo, from: 'samples' } }] as const
  await expect(checkSmall({ arms: sampled }, { trainer: 'trl' })).rejects.toThrow('SUITE_UNGUARDED')
})
