import { expect, test } from 'vitest'
import { isHoldfastError } from '../../../../src/base/errors.ts'
import { checkMemory, type SizedTraining } from '../../../../src/trainer/trl/estimate/fit.ts'
import { estimateMemory, type MemorySettings } from '../../../../src/trainer/trl/estimate/memory.ts'
import { LLAMA_8B, LORA, stageOf } from '../../../estimate/figures.ts'

const GIB = 2 ** 30
const SETTINGS: MemorySettings = {
  kind: 'cuda',
  precision: 'bf16',
  gradientCheckpointing: false,
  microBatchSize: null,
  vllm: false,
  deviceBytes: 24 * GIB,
}

function training(method: Readonly<Record<string, unknown>>, settings: Partial<MemorySettings> = {}): SizedTraining {
  const work = { stage: stageOf(method), lora: LORA, promptTokens: 600, completionTokens: 400 }
  return { model: LLAMA_8B, work, settings: { ...SETTINGS, ...settings } }
}

function refusal(planned: SizedTraining, gib: number): string {
  try {
    checkMemory(planned, { round: '01-refill', arm: 'tuned', available: { name: 'a card', bytes: gib * GIB } })
  } catch (error) {
    if (isHoldfastError(error)) return error.message
    throw error
  }
  return 'fits'
}

const fixOf = (text: string): string => text.slice(text.indexOf('fix    ') + 'fix    '.length)
const SFT = { name: 'sft', batchSize: 16 }
const GRPO = { name: 'grpo', promptsPerStep: 8, samplesPerPrompt: 8 }

test('checkMemory() gives the estimate of a training that fits, to the byte', () => {
  const planned = training(SFT, { gradientCheckpointing: true, microBatchSize: 4 })
  const estimate = estimateMemory(planned.model, planned.work, planned.settings)
  const place = { round: '01-refill', arm: 'tuned', available: { name: 'a card', bytes: estimate.totalBytes } }
  expect(checkMemory(planned, place)).toEqual(estimate)
  expect(() => checkMemory(planned, { ...place, available: { name: 'a card', bytes: estimate.totalBytes - 1 } })).toThrow(
    'MEMORY_TOO_SMALL',
  )
})

test('checkMemory() refuses with the parts, what there is and the cheapest change that fits', () => {
  expect(refusal(training(SFT), 24)).toMatchInlineSnapshot(`
    "MEMORY_TOO_SMALL  By estimate this training needs 151.1 GB, a card has 24.0 GB: activations 110.9 GB, unused by the allocator 22.5 GB, model weights 15.0 GB, backward pass of a layer 1.5 GB
      where  round "01-refill", arm "tuned", while updating
      fix    write gradientCheckpointing: true, microBatchSize: 8 in trl({ … }) (then about 21.8 GB)"
  `)
})

test('checkMemory() asks for settings that only cost time before those that change the weights or the learning', () => {
  expect(fixOf(refusal(training(SFT, { microBatchSize: 4 }), 24))).toMatch(/^write gradientCheckpointing: true in trl\(\{ … \}\) \(then/)
  expect(fixOf(refusal(training(SFT, { gradientCheckpointing: true }), 20))).toMatch(/^write microBatchSize: 4 in/)
  expect(fixOf(refusal(training(SFT), 12))).toMatch(/^write precision: '4bit', gradientCheckpointing: true, microBatchSize: \d in/)
  expect(fixOf(refusal(training(GRPO, { vllm: true }), 24))).toMatch(
    /^write vllm: false, gradientCheckpointing: true, microBatchSize: 8 in/,
  )
})

test('checkMemory() asks for fewer prompts a step where sampling itself does not fit', () => {
  const text = fixOf(refusal(training(GRPO), 9))
  expect(text).toMatch(/ in trl\(\{ … \}\) and write promptsPerStep: 1 in arm "tuned" \(then about/)
})

test('checkMemory() never proposes 4-bit weights on the CPU', () => {
  expect(fixOf(refusal(training(SFT, { kind: 'cpu', precision: 'f32' }), 24))).toMatch(
    /^write precision: 'bf16', gradientCheckpointing: true/,
  )
})

test('checkMemory() names the least device when no setting fits', () => {
  expect(fixOf(refusal(training(SFT), 4))).toMatchInlineSnapshot(
    `"use a smaller model, shorter texts or a device with at least 7.4 GB: no setting of this training fits"`,
  )
})

test('checkMemory() proposes what fits by its own estimate', () => {
  const planned = training(SFT)
  const [, words] = /^write gradientCheckpointing: true, microBatchSize: (\d+) in/.exec(fixOf(refusal(planned, 24))) ?? []
  const changed = { ...planned, settings: { ...planned.settings, gradientCheckpointing: true, microBatchSize: Number(words) } }
  expect(refusal(changed, 24)).toBe('fits')
  expect(refusal({ ...changed, settings: { ...changed.settings, microBatchSize: 2 * Number(words) } }, 24)).not.toBe('fits')
})
