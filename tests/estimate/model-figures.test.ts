import { expect, test } from 'vitest'
import {
  attentionSizes,
  computedParameters,
  keyValueBytes,
  largestLinear,
  loraParameters,
  modelFiguresOf,
  parameterCount,
} from '../../src/estimate/model-figures.ts'
import { LLAMA_8B, LLAMA_8B_CONFIG, LORA, SMOLLM2 } from './figures.ts'

test('parameterCount() is what the checkpoints hold, norms left out', () => {
  // SmolLM2-135M has 134,515,008 weights, 35,136 of them in norms; Llama 3.1 8B has 8,030,261,248, of them 266,240.
  expect(parameterCount(SMOLLM2)).toBe(134_515_008 - 35_136)
  expect(parameterCount(LLAMA_8B)).toBe(8_030_261_248 - 266_240)
})

test('computedParameters() counts a tied head once and an untied embedding not at all', () => {
  expect(computedParameters(SMOLLM2)).toBe(parameterCount(SMOLLM2))
  expect(computedParameters(LLAMA_8B)).toBe(parameterCount(LLAMA_8B) - 128_256 * 4096)
})

test('loraParameters() is rank times inputs and outputs of every target', () => {
  expect(loraParameters(SMOLLM2, LORA)).toBe(4_884_480)
  expect(loraParameters(SMOLLM2, { rank: 8, targets: ['q_proj'] })).toBe(30 * 8 * (576 + 576))
})

test('modelFiguresOf() takes the head length from hidden size and heads where config.json has none', () => {
  expect(attentionSizes(LLAMA_8B)).toEqual({ queries: 4096, keys: 1024 })
  expect(keyValueBytes(LLAMA_8B, 2)).toBe(131_072)
  expect(largestLinear(LLAMA_8B)).toBe(4096 * 14_336)
})

test('modelFiguresOf() reads families that the embedded engine has no graph for', () => {
  const figures = modelFiguresOf('config.json', { ...LLAMA_8B_CONFIG, model_type: 'granite' })
  expect(figures).toMatchObject({ qkNorm: false, layerCount: 32 })
  expect(modelFiguresOf('config.json', { ...LLAMA_8B_CONFIG, model_type: 'qwen3' }).qkNorm).toBe(true)
})

test('modelFiguresOf() names the size that is missing', () => {
  expect(() => modelFiguresOf('base/config.json', { vocab_size: 10 })).toThrowErrorMatchingInlineSnapshot(`
    [ModelConfigError: MODEL_CONFIG_INVALID  The field "hidden_size" is needed for estimates: Invalid input: expected number, received undefined
      where  base/config.json
      fix    restore the file as the model was published]
  `)
})
