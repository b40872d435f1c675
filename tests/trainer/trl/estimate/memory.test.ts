import { expect, test } from 'vitest'
import type { MemoryEstimate } from '../../../../src/estimate/memory.ts'
import { estimateMemory, weightBytes, type MemorySettings } from '../../../../src/trainer/trl/estimate/memory.ts'
import type { ModelFigures } from '../../../../src/estimate/model-figures.ts'
import { LLAMA_8B, LORA, NANO, SMOLLM2, stageOf } from '../../../estimate/figures.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
const CPU: MemorySettings = {
  kind: 'cpu',
  precision: 'f32',
  gradientCheckpointing: false,
  microBatchSize: null,
  vllm: false,
  deviceBytes: null,
}
const CUDA: MemorySettings = { ...CPU, kind: 'cuda', precision: 'bf16', gradientCheckpointing: true, deviceBytes: 24 * GIB }
const SFT4 = { name: 'sft', batchSize: 4 }
const GRPO64 = { name: 'grpo', promptsPerStep: 8, samplesPerPrompt: 8 }

interface Case {
  readonly model: ModelFigures
  readonly method: Readonly<Record<string, unknown>>
  readonly tokens: readonly [prompt: number, completion: number]
  readonly settings: MemorySettings
}

function estimate({ model, method, tokens: [promptTokens, completionTokens], settings }: Case): MemoryEstimate {
  return estimateMemory(model, { stage: stageOf(method), lora: LORA, promptTokens, completionTokens }, settings)
}

const part = (of: MemoryEstimate, name: string): number => of.parts.find((one) => one.name === name)?.bytes ?? 0

// Peak resident memory of the process, in MiB: torch 2.13.0, trl 1.16.0, glibc 2.36, two cores, 2026-11-24.
const MEASURED: readonly (readonly [name: string, measuredMib: number, of: Case])[] = [
  ['SFT 4 x 256', 4330, { model: SMOLLM2, method: SFT4, tokens: [0, 256], settings: CPU }],
  ['SFT 4 x 256 in bf16', 3172, { model: SMOLLM2, method: SFT4, tokens: [0, 256], settings: { ...CPU, precision: 'bf16' } }],
  [
    'SFT 4 x 512 with gradient checkpointing',
    4849,
    { model: SMOLLM2, method: SFT4, tokens: [0, 512], settings: { ...CPU, gradientCheckpointing: true } },
  ],
  ['DPO 2 pairs x 256', 4492, { model: SMOLLM2, method: { name: 'dpo', batchSize: 2 }, tokens: [128, 128], settings: CPU }],
  ['SimPO 2 pairs x 256', 4081, { model: SMOLLM2, method: { name: 'simpo', batchSize: 2 }, tokens: [128, 128], settings: CPU }],
  [
    'GRPO 4 x 8 x 48',
    11_534,
    { model: SMOLLM2, method: { name: 'grpo', promptsPerStep: 4, samplesPerPrompt: 8 }, tokens: [51, 48], settings: CPU },
  ],
  ['SFT 16 x 128 of the bundled model', 791, { model: NANO, method: { name: 'sft', batchSize: 16 }, tokens: [0, 128], settings: CPU }],
  [
    'GRPO 16 x 8 x 24 of the bundled model',
    1439,
    { model: NANO, method: { name: 'grpo', promptsPerStep: 16, samplesPerPrompt: 8 }, tokens: [44, 24], settings: CPU },
  ],
]

test.each(MEASURED)('estimateMemory() is within 15 %% of what %s took', (_, measuredMib, of) => {
  const ratio = estimate(of).totalBytes / MIB / measuredMib
  expect(ratio).toBeGreaterThan(0.85)
  expect(ratio).toBeLessThan(1.15)
})

test('estimateMemory() adds its parts up and leaves empty ones out', () => {
  const found = estimate({ model: LLAMA_8B, method: { name: 'sft', batchSize: 16 }, tokens: [600, 200], settings: CUDA })
  expect(found.totalBytes).toBe(found.parts.reduce((sum, { bytes }) => sum + bytes, 0))
  expect(found.parts.map(({ name, bytes }) => `${name} ${(bytes / GIB).toFixed(2)}`)).toMatchInlineSnapshot(`
    [
      "model weights 14.96",
      "adapter, gradients, optimizer 0.70",
      "CUDA context 0.60",
      "activations 3.42",
      "backward pass of a layer 3.98",
      "unused by the allocator 1.48",
    ]
  `)
})

test('weightBytes() packs linear layers into 4 bits and leaves embedding and head in bf16', () => {
  const head = 2 * 2 * 128_256 * 4096
  expect(weightBytes(LLAMA_8B, 'bf16')).toBe(2 * 8_029_995_008)
  expect(weightBytes(LLAMA_8B, '4bit')).toBeCloseTo(head + ((8_029_995_008 - head / 2) * 4.127) / 8, 0)
})

test('estimateMemory() follows the micro batch, and a pair takes two sequences of it', () => {
  const activations = (method: Readonly<Record<string, unknown>>, microBatchSize: number | null): number =>
    part(estimate({ model: LLAMA_8B, method, tokens: [100, 100], settings: { ...CUDA, microBatchSize } }), 'activations')
  const sft16 = { name: 'sft', batchSize: 16 }
  expect(activations(sft16, 4)).toBe(activations(sft16, null) / 4)
  // The runner takes the largest part that divides the step: 5 of 16 is 4.
  expect(activations(sft16, 5)).toBe(activations(sft16, 4))
  expect(activations({ name: 'dpo', batchSize: 16 }, 4)).toBe(2 * activations(sft16, 4))
})

test('estimateMemory() of an online method peaks while it samples once its micro batch is small', () => {
  const of = (microBatchSize: number): MemoryEstimate =>
    estimate({ model: LLAMA_8B, method: GRPO64, tokens: [600, 400], settings: { ...CUDA, microBatchSize } })
  expect([of(8).peak, of(1).peak]).toEqual(['updating', 'sampling'])
  // 16 rows of 1000 tokens are sampled at once, in a cache that is copied as it grows.
  expect(part(of(1), 'key-value cache')).toBe(1.5 * 16 * 1000 * 131_072)
})

test('estimateMemory() gives vLLM inside the trainer the weights again, or its share of a large card', () => {
  const vllm = (deviceBytes: number): number =>
    part(estimate({ model: LLAMA_8B, method: GRPO64, tokens: [600, 400], settings: { ...CUDA, vllm: true, deviceBytes } }), 'vLLM')
  expect(vllm(24 * GIB)).toBe(weightBytes(LLAMA_8B, 'bf16') + GIB)
  expect(vllm(80 * GIB)).toBeCloseTo(24 * GIB, 0)
})

test('estimateMemory() holds a reference adapter only where one is measured from', () => {
  const adapter = (method: Readonly<Record<string, unknown>>): number =>
    part(estimate({ model: SMOLLM2, method, tokens: [50, 50], settings: CPU }), 'adapter, gradients, optimizer')
  expect(adapter(SFT4)).toBe(16 * 4_884_480)
  expect(adapter({ name: 'dpo', batchSize: 4 })).toBe(20 * 4_884_480)
  expect(adapter(GRPO64)).toBe(16 * 4_884_480)
  expect(adapter({ ...GRPO64, klWeight: 0.05 })).toBe(20 * 4_884_480)
})
