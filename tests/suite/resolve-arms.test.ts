import { expect, test } from 'vitest'
import { resolveMethod } from '../../src/suite/resolve-arms.ts'

const place = { file: 'small.suite.ts', arm: 'sft' }
const SETTINGS = { name: 'sft', steps: 10, batchSize: 4, learningRate: 0.001 }

test('resolveMethod() takes optimizer settings from among the method settings and fills in the rest', () => {
  const method = resolveMethod({ ...SETTINGS, schedule: 'cosine' }, place)
  expect(method).toMatchObject({ name: 'sft', steps: 10, batchSize: 4, demonstration: 'in-format' })
  expect(method).toMatchObject({ optimizer: { name: 'adamw', learningRate: 0.001, schedule: 'cosine', warmUpSteps: 5 } })
  expect(method).not.toHaveProperty('learningRate')
})

test('resolveMethod() prefers what stands in optimizer', () => {
  expect(resolveMethod({ ...SETTINGS, optimizer: { name: 'muon', learningRate: 0.02 } }, place)).toMatchObject({
    optimizer: { name: 'muon', learningRate: 0.02 },
  })
})

test('resolveMethod() names the arm and every wrong setting', () => {
  expect(() => resolveMethod({ ...SETTINGS, steps: -1, batchSize: 0 }, place)).toThrowErrorMatchingInlineSnapshot(`
    [SuiteInvalidError: SUITE_INVALID  The suite cannot be used: arm "sft", steps: a training takes at least 1 step; arm "sft", batchSize: Too small: expected number to be >=1
      where  small.suite.ts
      fix    correct these settings; \`SuiteOptions\` documents each of them]
  `)
  expect(() => resolveMethod({ ...SETTINGS, batchSise: 4 }, place)).toThrow('batchSise')
})

test.each([
  ['beta1', 1],
  ['beta1', -0.1],
  ['beta2', 1],
  ['epsilon', 0],
  ['epsilon', -1],
])('resolveMethod() refuses an optimizer with %s %s', (name, value) => {
  expect(() => resolveMethod({ ...SETTINGS, [name]: value }, place)).toThrow(`arm "sft", optimizer.${name}: Too`)
})

test('resolveMethod() adds up the steps of a chain and gathers the optimizer settings of its stages', () => {
  const stages = [SETTINGS, { name: 'grpo', steps: 5, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.0002 }]
  expect(resolveMethod({ name: 'chain', stages }, place)).toMatchObject({
    name: 'chain',
    steps: 15,
    stages: [{ optimizer: { learningRate: 0.001 } }, { optimizer: { learningRate: 0.0002 }, klWeight: 0 }],
  })
})

test('resolveMethod() refuses ppo with the reason and the alternative', () => {
  expect(() => resolveMethod({ ...SETTINGS, name: 'ppo' }, place)).toThrowErrorMatchingInlineSnapshot(`
    [SuiteInvalidError: SUITE_INVALID  The suite cannot be used: arm "sft": there is no "ppo": TRL removed its PPO trainer in 2026, and PPO needs a value model beside the policy; "rloo" and "grpo" take the same rewards and need none
      where  small.suite.ts
      fix    correct these settings; \`SuiteOptions\` documents each of them]
  `)
})

test('resolveMethod() refuses MDLOO with one update per batch, which would be RLOO under another name', () => {
  const settings = { name: 'mdloo', steps: 4, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.001, updatesPerBatch: 1 }
  expect(() => resolveMethod(settings, place)).toThrow('MDLOO is RLOO')
})
