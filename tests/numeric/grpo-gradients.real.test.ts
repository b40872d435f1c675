/**
 * @file GRPO's gradient on stored rollouts, ours beside TRL's own: the same model, adapter, tokens, advantages and old log-probabilities must give the
 * same loss and the same derivative of every LoRA matrix. Nothing is sampled.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countTokens, type LossGradient } from '../../src/method/gradient.ts'
import { grpoGradient } from '../../src/method/grpo.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { writePeftAdapter } from '../../src/engine/adapter/write-peft-adapter.ts'
import type { LoraMatrices } from '../../src/engine/adapter/lora-matrices.ts'
import { openModelDirectory } from '../../src/engine/checkpoint/model-directory.ts'
import { readSafetensors, tensorToFloats } from '../../src/engine/checkpoint/safetensors.ts'
import { createTraining, type Training } from '../../src/engine/training/training.ts'
import { loraMatrices, newLora, type WeightSet } from '../../src/engine/training/weight-set.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { writeTinyModel } from '../round/tiny-model.ts'

const python = await findTrainerPython()
const SCRIPT = fileURLToPath(new URL('./grpo_gradients.py', import.meta.url))
const TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const
const TEMPERATURE = 0.8
const [CLIP_LOW, CLIP_HIGH] = [0.15, 0.25]
/** Two prompts with four completions each, of unequal lengths. */
const PROMPT_LENGTHS = [7, 7, 7, 7, 12, 12, 12, 12]
const COMPLETION_LENGTHS = [5, 9, 1, 6, 12, 3, 8, 10]
const ADVANTAGES = [1.2, -0.4, -1.1, 0.3, 0.9, -0.9, 0, 1.5]
const TOLERANCE = 1e-4

/** `spread` is how far the old log-probabilities lie from the present ones; null means that they are the present ones. */
const BATCHES = [
  { name: 'on-policy', spread: null, klWeight: 0 },
  { name: 'off-policy', spread: 0.1, klWeight: 0 },
  { name: 'clipped', spread: 0.6, klWeight: 0 },
  { name: 'on-policy with KL', spread: null, klWeight: 0.3 },
  { name: 'clipped with KL', spread: 0.6, klWeight: 0.3 },
] as const

type Batch = (typeof BATCHES)[number]

interface Policy {
  readonly training: Training
  readonly adapter: () => WeightSet
  readonly logProbs: readonly Float32Array[]
  readonly referenceLogProbs: readonly Float32Array[]
}

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-gradients-'))
const prompts = PROMPT_LENGTHS.map((length) => tokenIds(length, 'prompt', length))
const completions = COMPLETION_LENGTHS.map((length, row) => tokenIds(length, 'completion', row))
const sequences = prompts.map((prompt, row) => ({
  ids: Int32Array.from([...prompt, ...(completions[row] as number[])]),
  promptLength: prompt.length,
}))
let policy: Policy

function tokenIds(length: number, ...labels: readonly (string | number)[]): number[] {
  const random = seededRandom(7, ...labels)
  return Array.from({ length }, () => 3 + random.integer(1200))
}

/** The log-probabilities of the policy that is said to have sampled; null for the present one. */
function oldLogProbs({ name, spread }: Batch, logProbs: readonly Float32Array[]): Float32Array[] | null {
  if (spread === null) return null
  const random = seededRandom(8, name)
  return logProbs.map((row) => row.map((value) => value + spread * (2 * random.next() - 1)))
}

/** Our loss and ∂L/∂logProb. */
function lossOf(batch: Batch, clip: { readonly clipLow: number; readonly clipHigh: number }): LossGradient {
  const { logProbs, referenceLogProbs } = policy
  const old = oldLogProbs(batch, logProbs) ?? logProbs
  const settings = { ...clip, klWeight: batch.klWeight }
  return grpoGradient({ logProbs, oldLogProbs: old, referenceLogProbs, advantages: ADVANTAGES }, settings)
}

/** The gradient that the engine collects for a loss. */
async function gradientsOf(loss: LossGradient): Promise<ReadonlyMap<string, Float32Array>> {
  const weights = policy.adapter()
  await policy.training.backward({ weights, sequences, gradients: loss.gradients, temperature: TEMPERATURE })
  return weights.gradients
}

/** Largest difference, as a share of the largest value expected in any matrix. */
function relativeDifference(found: ReadonlyMap<string, Float32Array>, expected: ReadonlyMap<string, Float32Array>): number {
  const values = [...expected.values()].flatMap((values) => [...values])
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const ours = [...expected.keys()].flatMap((name) => [...(found.get(name) as Float32Array)])
  expect(ours).toHaveLength(values.length)
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - (ours[i] as number))), 0) / scale
}

/** An adapter with both matrices away from zero, so that each has a gradient. */
function drawAdapter(config: Parameters<typeof newLora>[0], seed: number): WeightSet {
  const weights = newLora(config, { rank: 4, alpha: 8, targets: TARGETS, seed })
  for (const [name, { data }] of weights.tensors) {
    const random = seededRandom(seed, 'b', name)
    if (name.endsWith('lora_B.weight')) for (let i = 0; i < data.length; i++) data[i] = 0.1 * random.normal()
  }
  return weights
}

beforeAll(async () => {
  if (python === null) return
  const model = openModelDirectory(writeTinyModel(join(scratch, 'model')))
  const training = createTraining({ config: model.config, ...model.checkpoint, threads: 2 })
  const score = async (weights: WeightSet): Promise<readonly Float32Array[]> => {
    const { logProb = [] } = await training.score({ weights, reference: null, sequences, outputs: ['logProb'], temperature: TEMPERATURE })
    return logProb
  }
  const [adapter, reference] = [drawAdapter(model.config, 1), drawAdapter(model.config, 2)]
  writePeftAdapter(join(scratch, 'adapter'), loraMatrices(model.config, adapter) as LoraMatrices)
  writePeftAdapter(join(scratch, 'reference'), loraMatrices(model.config, reference) as LoraMatrices)
  policy = {
    training,
    adapter: () => drawAdapter(model.config, 1),
    logProbs: await score(adapter),
    referenceLogProbs: await score(reference),
  }
})
afterAll(async () => {
  await policy?.training.release()
  rmSync(scratch, { recursive: true, force: true })
})

describe.skipIf(python === null)('grpo() and TRL’s GRPOTrainer', () => {
  let stored: (name: string) => Float32Array
  let tensorNames: readonly string[]

  beforeAll(async () => {
    const batches = BATCHES.map((batch) => ({
      name: batch.name,
      klWeight: batch.klWeight,
      advantages: ADVANTAGES,
      oldLogProbs: oldLogProbs(batch, policy.logProbs)?.map((row) => [...row]) ?? null,
    }))
    const common = { base: join(scratch, 'model'), adapter: join(scratch, 'adapter'), referenceAdapter: join(scratch, 'reference') }
    const settings = { temperature: TEMPERATURE, clipLow: CLIP_LOW, clipHigh: CLIP_HIGH }
    writeFileSync(join(scratch, 'batches.json'), JSON.stringify({ ...common, ...settings, prompts, completions, batches }))
    const out = join(scratch, 'gradients.safetensors')
    await promisify(execFile)(python as string, [SCRIPT, join(scratch, 'batches.json'), out], { cwd: scratch })
    const file = readSafetensors(out)
    tensorNames = [...file.tensors.keys()]
    stored = (name) => {
      const tensor = file.tensors.get(name)
      if (tensor === undefined) return expect.fail(`TRL gave no ${name}`)
      return tensorToFloats(file.bytes, tensor)
    }
  })

  /** TRL's gradients by the engine's names. */
  const expectedOf = (batch: Batch): ReadonlyMap<string, Float32Array> =>
    new Map([...policy.adapter().tensors.keys()].map((name) => [name, stored(`${batch.name}.base_model.model.${name}`)]))

  it.each(BATCHES)('grpo() and backward() give the loss and every LoRA gradient of a batch that is $name', async (batch) => {
    const loss = lossOf(batch, { clipLow: CLIP_LOW, clipHigh: CLIP_HIGH })
    const expected = expectedOf(batch)
    expect(tensorNames.filter((name) => name.startsWith(`${batch.name}.base_model.`))).toHaveLength(expected.size)
    expect(relativeDifference(await gradientsOf(loss), expected)).toBeLessThan(TOLERANCE)
    const [trl] = stored(`${batch.name}.loss`)
    expect(Math.abs(loss.loss - (trl as number)) / Math.abs(trl as number)).toBeLessThan(TOLERANCE)
  })

  it('score() gives the log-probabilities of the reference adapter that TRL takes the KL from', () => {
    const rows = policy.referenceLogProbs.flatMap((row) => [...row])
    const theirs = sequences.flatMap((_, row) => [...stored(`clipped with KL.reference.${row}`)])
    expect(rows).toHaveLength(countTokens(completions))
    expect(Math.max(...rows.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-4)
  })

  it('grpo() is seen to clip and to weigh the KL in these batches: without either the gradient would be another one', async () => {
    const [clipped, withKl] = [BATCHES[2], BATCHES[4]]
    const unclipped = await gradientsOf(lossOf(clipped, { clipLow: 0.999, clipHigh: 999 }))
    expect(relativeDifference(unclipped, expectedOf(clipped))).toBeGreaterThan(100 * TOLERANCE)
    const settings = { clipLow: CLIP_LOW, clipHigh: CLIP_HIGH }
    const { logProbs } = policy
    const old = oldLogProbs(withKl, logProbs) ?? logProbs
    const withoutKl = grpoGradient({ logProbs, oldLogProbs: old, advantages: ADVANTAGES }, { ...settings, klWeight: 0 })
    expect(relativeDifference(await gradientsOf(withoutKl), expectedOf(withKl))).toBeGreaterThan(100 * TOLERANCE)
  })
})
