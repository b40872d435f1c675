/** @file The reference models of tests/engine/fixtures, opened for training, and comparison with PyTorch's numbers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { readPeftAdapter } from '../../../src/engine/adapter/read-peft-adapter.ts'
import { openCheckpoint } from '../../../src/engine/checkpoint/checkpoint.ts'
import { parseModelConfig } from '../../../src/engine/checkpoint/model-config.ts'
import { readSafetensors, tensorToFloats } from '../../../src/engine/checkpoint/safetensors.ts'
import type { TokenSequence } from '../../../src/engine/engine.ts'
import type { TrainingModel } from '../../../src/engine/training/training-sessions.ts'
import { type WeightSet, fullWeights, loraWeights } from '../../../src/engine/training/weight-set.ts'

export const VARIANTS = ['llama-tied', 'llama-untied', 'llama-biased', 'qwen2', 'qwen3'] as const
export const TEMPERATURE = 0.7

export interface Fixture {
  readonly model: TrainingModel
  readonly sequences: readonly TokenSequence[]
  readonly weights: readonly Float32Array[]
  lora(): WeightSet
  full(): WeightSet
  /** PyTorch's values under a name of reference.safetensors. */
  expected(name: string): Float32Array
}

const ROOT = fileURLToPath(new URL('../fixtures', import.meta.url))

export function openFixture(variant: string): Fixture {
  const directory = join(ROOT, variant)
  const checkpoint = openCheckpoint(directory)
  const path = join(directory, 'config.json')
  const config = parseModelConfig(path, JSON.parse(readFileSync(path, 'utf8')))
  const reference = readSafetensors(join(directory, 'reference.safetensors'))
  const expected = (name: string): Float32Array => {
    const tensor = reference.tensors.get(name)
    if (!tensor) throw new Error(`no reference ${name}`)
    return tensorToFloats(reference.bytes, tensor)
  }
  return {
    model: { config, ...checkpoint, threads: 2 },
    sequences: [4, 1, 7].map((promptLength, i) => ({ ids: Int32Array.from(expected(`ids.${i}`)), promptLength })),
    weights: [0, 1, 2].map((i) => expected(`weights.${i}`)),
    lora: () => loraWeights(config, readPeftAdapter(join(directory, 'adapter'), config)),
    full: () => fullWeights(config, checkpoint.read),
    expected,
  }
}

/** The largest difference stays under `share` of the largest expected value. */
export function expectClose(actual: Float32Array, expected: Float32Array, share = 1e-4): void {
  expect(actual.length).toBe(expected.length)
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0)
  expect(difference / scale).toBeLessThan(share)
}
