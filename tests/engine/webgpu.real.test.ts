import { HAS_VULKAN_DRIVER } from './vulkan-driver.ts'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, test } from 'vitest'
import { grpoGradient } from '../../src/method/grpo.ts'
import { negativeLogLikelihood } from '../../src/method/likelihood.ts'
import { openEngine } from '../../src/engine/client.ts'
import { openEngineCore } from '../../src/engine/core.ts'
import { topK } from '../../src/engine/graph/indexing.ts'
import { Graph } from '../../src/engine/graph/graph.ts'
import { serializeGraph } from '../../src/engine/graph/serialize.ts'
import { type Device, openSession } from '../../src/engine/session.ts'
import { type Training, createTraining } from '../../src/engine/training/training.ts'
import type { WeightSet } from '../../src/engine/training/weight-set.ts'
import { engineContract } from '../contracts/engine.contract.ts'
import { TEMPERATURE, VARIANTS, expectClose, openFixture } from './training/fixture.ts'

const FIXTURE = fileURLToPath(new URL('fixtures/llama-tied', import.meta.url))
// AdamW's first step is nearly the sign of the gradient, so rounding shows at the size of the learning rate where a gradient is nearly 0.
const STEP = {
  optimizer: 'adamw',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
} as const

const opened: Training[] = []
afterAll(() => Promise.all(opened.map((training) => training.release())))

function open(variant: string, device: Device) {
  const fixture = openFixture(variant)
  const training = createTraining({ ...fixture.model, device })
  opened.push(training)
  return { ...fixture, training }
}

type Opened = ReturnType<typeof open>

/** Weights after `update`, which collects a gradient, and one step of AdamW. */
async function updated(device: Device, kind: 'lora' | 'full', update: (opened: Opened, weights: WeightSet) => Promise<unknown>) {
  const fixture = open('llama-tied', device)
  const weights = fixture[kind]()
  const before = new Map([...weights.tensors].map(([name, { data }]) => [name, data.slice()]))
  await update(fixture, weights)
  await fixture.training.step(weights, STEP)
  return { tensors: weights.tensors, before }
}

async function sftUpdate({ training, sequences }: Opened, weights: WeightSet): Promise<void> {
  const gradients = negativeLogLikelihood.weights(sequences.map(({ ids, promptLength }) => ids.length - promptLength))
  await training.backward({ weights, sequences, gradients, temperature: 1 })
}

/** The sequences are the stored rollouts; the policy that sampled them is the base, so that ratios are not 1. */
async function grpoUpdate({ training, sequences, expected }: Opened, weights: WeightSet): Promise<void> {
  const { logProb } = await training.score({ weights, reference: null, sequences, outputs: ['logProb'], temperature: TEMPERATURE })
  const oldLogProbs = sequences.map((_, i) => expected(`logProb.${i}`))
  const { gradients } = grpoGradient(
    { logProbs: logProb ?? [], oldLogProbs, advantages: [1.1, -0.4, -0.7] },
    { clipLow: 0.2, clipHigh: 0.28, klWeight: 0.05 },
  )
  await training.backward({ weights, sequences, gradients, temperature: TEMPERATURE })
}

describe.skipIf(!HAS_VULKAN_DRIVER)('the webgpu device', () => {
  it.each(VARIANTS)('backward() gives every gradient of %s that PyTorch gives', async (variant) => {
    const { training, sequences, weights, full, lora, expected } = open(variant, 'webgpu')
    const call = { sequences, gradients: weights, temperature: TEMPERATURE }
    const [whole, adapter] = [full(), lora()]
    await training.backward({ ...call, weights: whole })
    await training.backward({ ...call, weights: adapter })
    expect([...whole.gradients.keys()]).toEqual([...whole.tensors.keys()])
    for (const [name, gradient] of whole.gradients) expectClose(gradient, expected(`gradient.${name}`))
    for (const [name, gradient] of adapter.gradients) expectClose(gradient, expected(`lora.gradient.${name}`))
  })

  it('score() gives log-probabilities, entropies and divergences that PyTorch gives', async () => {
    const { training, sequences, lora, expected } = open('llama-tied', 'webgpu')
    const call = { reference: null, sequences, temperature: TEMPERATURE }
    const base = await training.score({ ...call, weights: null, outputs: ['logProb', 'entropy'] })
    base.logProb?.forEach((found, i) => expectClose(found, expected(`logProb.${i}`)))
    base.entropy?.forEach((found, i) => expectClose(found, expected(`entropy.${i}`)))
    const tuned = await training.score({ ...call, weights: lora(), outputs: ['klFrom'] })
    tuned.klFrom?.forEach((found, i) => expectClose(found, expected(`lora.klFrom.${i}`)))
    expect([base.logProb?.length, base.entropy?.length, tuned.klFrom?.length]).toEqual([3, 3, 3])
  })

  it.each([
    ['sft', 'lora', sftUpdate],
    ['sft', 'full', sftUpdate],
    ['grpo', 'lora', grpoUpdate],
  ] as const)('step() after one %s update (%s) gives the weights that the processor gives', async (_, kind, update) => {
    const [cpu, gpu] = [await updated('cpu', kind, update), await updated('webgpu', kind, update)]
    let moved = 0
    for (const [name, { data }] of cpu.tensors) {
      const found = gpu.tensors.get(name)?.data ?? new Float32Array()
      expect(Math.max(...data.map((value, i) => Math.abs(value - (found[i] as number))))).toBeLessThan(1e-4)
      moved = Math.max(moved, ...data.map((value, i) => Math.abs(value - (cpu.before.get(name)?.[i] as number))))
    }
    expect(moved).toBeGreaterThan(9e-4)
  })

  it('generate() decodes with the weights of the last step', async () => {
    const completions = []
    for (const device of ['cpu', 'webgpu'] as const) {
      const engine = openEngineCore(FIXTURE, { threads: 1, device })
      const weights = await engine.createLora({ rank: 4, alpha: 8, targets: ['q_proj', 'down_proj'], seed: 3 })
      const prompts = [{ ids: Int32Array.of(1, 5, 9, 30), seeds: [1, 2] }]
      const generate = () => engine.generate({ weights, prompts, sampling: { temperature: 0.9, topK: 0, topP: 1, maxNewTokens: 10 } })
      const before = await generate()
      const sequences = [{ ids: Int32Array.of(1, 5, 9, 30, 7, 8, 2), promptLength: 3 }]
      for (let i = 0; i < 2; i++) {
        await engine.backward({ weights, sequences, gradients: { logProb: [new Float32Array(4).fill(-1)] } })
        await engine.step(weights, { ...STEP, learningRate: 0.05 })
      }
      completions.push([before, await generate()].map((groups) => groups.flat().map(({ ids }) => [...ids])))
      await engine.close()
    }
    expect(completions[1]).toEqual(completions[0])
    expect(completions[1]?.[0]).not.toEqual(completions[1]?.[1])
  })

  it('openSession() names an operator that the device refuses', async () => {
    const graph = new Graph()
    graph.output('values', topK(graph.input('x', 'float32', [1, 4]), graph.input('count', 'int64', [1])).values)
    const session = await openSession({ model: serializeGraph(graph), device: 'webgpu', threads: 1 })
    const feeds = {
      x: { type: 'float32', dims: [1, 4], data: new Float32Array(4) },
      count: { type: 'int64', dims: [1], data: BigInt64Array.of(9n) },
    } as const
    await expect(session.run(feeds)).rejects.toMatchObject({
      code: 'DEVICE_OPERATOR_UNSUPPORTED',
      where: 'device webgpu, node TopK_0',
    })
    await session.release()
  })
})

describe.skipIf(!HAS_VULKAN_DRIVER)('on webgpu', () => {
  engineContract('openEngine()', openEngine, 'webgpu')
})

test.skipIf(process.platform !== 'linux')('openEngine() says that there is no device before it loads anything onto it', () => {
  const client = new URL('../../src/engine/client.ts', import.meta.url).href
  const script = `const { openEngine } = await import(${JSON.stringify(client)})
    await openEngine(${JSON.stringify(FIXTURE)}, { device: 'webgpu' }).then(() => console.log('opened'), (error) => console.log(error.message))`
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' },
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^DEVICE_UNAVAILABLE {2}There is no webgpu device to compute on: \S[^\n]*\n {2}where {2}device webgpu\n {2}fix /m)
})
