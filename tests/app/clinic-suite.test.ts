/** @file The example suite, checked as a run checks it. */
import { describe, expect, it } from 'vitest'
import clinic from '../../suites/clinic.suite.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'

const FILE = 'suites/clinic.suite.ts'

describe('clinic suite', () => {
  it('has three features, two retention evals and three candidate arms unless others are asked for', async () => {
    const suite = await checkSuite(clinic, FILE)
    expect(suite.features.map((feature) => feature.eval.name)).toEqual(['refill', 'appointment', 'daily-dose'])
    expect(suite.retention.map((retention) => retention.eval.name)).toEqual(['general-json', 'general-text'])
    expect(suite.arms.map(({ name, role }) => `${name} ${role}`)).toEqual(['sft candidate', 'raft candidate', 'grpo candidate'])
  })

  it('gives controls by name', async () => {
    const suite = await checkSuite(clinic, FILE, { arms: ['sft-house', 'sft-hot'] })
    expect(suite.arms.map(({ name, role }) => `${name} ${role}`)).toEqual(['sft-house control', 'sft-hot control'])
  })

  it('cuts to two features, two arms and 40 gate cases under the small budget', async () => {
    const suite = await checkSuite(clinic, FILE, { budget: 'small' })
    expect(suite.features.map((feature) => feature.eval.cases.filter(({ role }) => role === 'gate').length)).toEqual([40, 40])
    expect(suite.arms.map(({ name }) => name)).toEqual(['sft', 'grpo'])
  })
})
