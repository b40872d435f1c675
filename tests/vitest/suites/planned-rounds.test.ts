import { expect, it } from 'vitest'
import type { EvalDefinition } from '../../../src/eval/eval.ts'
import type { SuiteOptions } from '../../../src/suite/suite.ts'
import { plannedRounds } from '../../../src/vitest/suites/planned-rounds.ts'

const evalOf = (name: string): EvalDefinition => ({
  kind: 'holdfast.eval-definition',
  options: { name, cases: [], prompt: '', graders: [] },
})

const sft = { name: 'sft', steps: 1, batchSize: 1, learningRate: 0.001 } as const

const suite: SuiteOptions = {
  name: 'demo',
  base: 'models/nano',
  features: [evalOf('refill'), { eval: evalOf('triage'), margin: 0.1 }],
  retention: [evalOf('general')],
  arms: [
    { name: 'sft', role: 'candidate', method: sft },
    { name: 'grpo', role: 'candidate', method: { ...sft, name: 'grpo', promptsPerStep: 2, samplesPerPrompt: 2 } },
    { name: 'hot', role: 'control', optional: true, method: sft },
  ],
  budgets: { small: { features: 1, arms: ['grpo'] } },
}

const outline = (cuts: Parameters<typeof plannedRounds>[1]): readonly string[] =>
  plannedRounds(suite, cuts).map((round) => `${round.round}: ${round.arms.map((arm) => arm.name).join(' ')}; ${round.evals.join(' ')}`)

it('plannedRounds() gives every feature a round with all evals and leaves optional arms out', () => {
  expect(outline({})).toEqual(['01-refill: sft grpo; refill triage general', '02-triage: sft grpo; refill triage general'])
})

it('plannedRounds() cuts features and arms as the budget says', () => {
  expect(outline({ budget: 'small' })).toEqual(['01-refill: grpo; refill general'])
})

it('plannedRounds() lets arms asked for by name win over the budget, optional ones included', () => {
  expect(outline({ budget: 'small', arms: ['hot'] })).toEqual(['01-refill: hot; refill general'])
})
