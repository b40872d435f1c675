import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { openEngineCore } from '../../../src/engine/core.ts'
import { openTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import type { PairBatch, PairGradient } from '../../../src/method/method-card.ts'
import type { PreferenceSettings } from '../../../src/method/data-form.ts'
import { createPairsStepper } from '../../../src/trainer/embedded/pairs-stepper.ts'
import type { StepperContext } from '../../../src/trainer/embedded/stepper.ts'

const NANO = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const engine = openEngineCore(NANO, { threads: 1 })
afterAll(() => engine.close())

const ADAMW = {
  optimizer: 'adamw',
  learningRate: 0.005,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
} as const
const settings = { name: 'margin', batchSize: 2, steps: 6 } as PreferenceSettings
const examples = ['one', 'two', 'three'].map((caseId, index) => ({
  ...{ type: 'pair', caseId, eval: '', messages: [{ role: 'user', content: `Say ${caseId}` }] },
  ...{ chosen: `no ${index}, never`, rejected: `yes ${index}` },
}))

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)

/** -log σ of the difference of the answers' log-probabilities, less the reference's: as plain as a preference loss can be. */
function marginGradient({ chosen, rejected, referenceChosen, referenceRejected }: PairBatch): PairGradient {
  const differences = chosen.map((row, index) => {
    const reference = sum(referenceChosen?.[index] ?? new Float32Array()) - sum(referenceRejected?.[index] ?? new Float32Array())
    return sum(row) - sum(rejected[index] ?? new Float32Array()) - reference
  })
  const weights = differences.map((difference) => -1 / (1 + Math.exp(difference)) / differences.length)
  return {
    loss: differences.reduce((total, difference) => total + Math.log1p(Math.exp(-difference)), 0) / differences.length,
    chosen: chosen.map((row, index) => row.map(() => weights[index] ?? 0)),
    rejected: rejected.map((row, index) => row.map(() => -(weights[index] ?? 0))),
  }
}

async function losses(reference: { readonly weights: null } | null): Promise<readonly number[]> {
  const weights = await engine.createLora({ rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'], seed: 1 })
  const spec = { examples, seeds: { order: 2 } }
  const context = { engine, weights, spec, tokenizer: openTokenizer(NANO) } as unknown as StepperContext
  const stepper = createPairsStepper(context, settings, { gradient: marginGradient, reference })
  const found: number[] = []
  for (let step = 1; step <= settings.steps; step++) {
    const taken = await stepper.step(step)
    expect(taken).toMatchObject({ updated: true, meanReward: null, rollouts: [] })
    expect(taken.trainedTokens).toBeGreaterThan(0)
    expect(taken.cases).toHaveLength(2)
    found.push(taken.loss ?? Number.NaN)
    await engine.step(weights, ADAMW)
  }
  await engine.release(weights)
  return found
}

it('createPairsStepper() learns what a gradient on pairs asks for: the loss falls', async () => {
  const found = await losses(null)
  expect(found.at(-1)).toBeLessThan((found[0] ?? 0) - 0.2)
})

it('createPairsStepper() gives the gradient the reference’s log-probabilities: a new adapter does not differ from its base', async () => {
  const found = await losses({ weights: null })
  expect(found[0]).toBeCloseTo(Math.log(2), 4)
  expect(found.at(-1)).toBeLessThan(Math.log(2))
})
