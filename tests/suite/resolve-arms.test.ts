import { expect, test } from 'vitest'
import { resolveMethod } from '../../src/suite/resolve-arms.ts'

const place = { file: 'small.suite.ts', arm: 'sft' }
const SETTINGS = { name: 'sft', steps: 10, batchSize: 4, learningRate: 0.001 }

test('resolveMethod() takes optimizer settings from among the method settings and fills in the rest', () => {
  const method = resolveMethod({ ...SETTINGS, schedule: 'cosine' }, place)
  expect(method).toMatchObject({ name: 'sft', steps: 10, batchSize: 4, demonstration: 'in-format' })
  expect(method.optimizer).toMatchObject({ name: 'adamw', learningRate: 0.001, schedule: 'cosine', warmUpSteps: 5 })
  expect(method).not.toHaveProperty('learningRate')
})

test('resolveMethod() prefers what stands in optimizer', () => {
  expect(resolveMethod({ ...SETTINGS, optimizer: { name: 'muon', learningRate: 0.02 } }, place).optimizer).toMatchObject({
    name: 'muon',
    learningRate: 0.02,
  })
})

test('resolveMethod() names the arm and every wrong setting', () => {
  expect(() => resolveMethod({ ...SETTINGS, steps: -1, batchSize: 0 }, place)).toThrowErrorMatchingInlineSnapshot(`
    [SuiteInvalidError: SUITE_INVALID  The suite cannot be used: arm "sft", steps: Too small: expected number to be >=0; arm "sft", batchSize: Too small: expected number to be >=1
      where  small.suite.ts
      fix    correct these settings; \`SuiteOptions\` documents each of them]
  `)
  expect(() => resolveMethod({ ...SETTINGS, batchSise: 4 }, place)).toThrow('batchSise')
})
