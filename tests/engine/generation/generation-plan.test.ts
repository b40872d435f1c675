import { expect, test } from 'vitest'
import type { LlamaConfig } from '../../../src/engine/architecture/llama-config.ts'
import { nextPrefill, planGeneration } from '../../../src/engine/generation/generation-plan.ts'

const CONFIG: LlamaConfig = {
  vocabSize: 100,
  hiddenSize: 576,
  intermediateSize: 1536,
  layerCount: 30,
  headCount: 9,
  kvHeadCount: 3,
  headDim: 64,
  rmsNormEpsilon: 1e-5,
  ropeTheta: 10_000,
  tiedEmbeddings: true,
  biasedTargets: [],
  qkNorm: false,
  maxPositions: 8192,
}
const prompt = (length: number, seeds: number[]): { ids: Int32Array; seeds: number[] } => ({ ids: new Int32Array(length).fill(1), seeds })
const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 10 }

test('planGeneration() takes the longest prompts first, equals in their order, samples together', () => {
  const plan = planGeneration({ weights: null, prompts: [prompt(2, [1]), prompt(5, [2, 3]), prompt(2, [4])], sampling }, CONFIG)
  expect(plan.rows).toEqual([
    { prompt: 1, sample: 0, seed: 2 },
    { prompt: 1, sample: 1, seed: 3 },
    { prompt: 0, sample: 0, seed: 1 },
    { prompt: 2, sample: 0, seed: 4 },
  ])
  expect(plan.batchSize).toBe(4)
})

test('planGeneration() decodes at most 64 rows at a time, and fewer when their cache would pass 512 MiB', () => {
  const seeds = Array.from({ length: 500 }, (_, i) => i)
  expect(planGeneration({ weights: null, prompts: [prompt(20, seeds)], sampling }, CONFIG).batchSize).toBe(64)
  // 30 layers · 2 · 3 heads · 64 numbers · 4 bytes = 46,080 bytes a token; 2,010 tokens a row; 512 MiB / 92.6 MB = 5.8
  expect(planGeneration({ weights: null, prompts: [prompt(2000, seeds)], sampling }, CONFIG).batchSize).toBe(5)
})

test('nextPrefill() takes prompts in order up to 2,048 padded tokens, and one that is longer by itself', () => {
  const lengths = [900, 800, 300, 5]
  expect(nextPrefill([0, 1, 2, 3], (i) => lengths[i] as number)).toEqual([0, 1])
  expect(nextPrefill([3, 2], (i) => lengths[i] as number)).toEqual([3, 2])
  expect(nextPrefill([0], () => 5000)).toEqual([0])
})
