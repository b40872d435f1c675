import { expect, test } from 'vitest'
import { keptActivationBytes, layerBytesPerToken } from '../../../../src/trainer/trl/estimate/activations.ts'
import { modelFiguresOf, type ModelFigures } from '../../../../src/estimate/model-figures.ts'
import { SMOLLM2 } from '../../../estimate/figures.ts'

/** A layer of the sizes at which saved tensors were added up: 768 hidden, 6 query heads and 2 key heads of 64, 1024 intermediate. */
function layer(type: string): ModelFigures {
  return modelFiguresOf('config.json', {
    model_type: type,
    vocab_size: 512,
    hidden_size: 768,
    intermediate_size: 1024,
    num_hidden_layers: 1,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    head_dim: 64,
    tie_word_embeddings: true,
  })
}

// Bytes of saved tensors a token and layer, of padded batches of 2 x 128 tokens, as PyTorch reported them.
test.each([
  ['llama', 'f32', 35_808],
  ['qwen2', 'f32', 35_808],
  ['qwen3', 'f32', 37_888],
] as const)('layerBytesPerToken() is what a %s layer kept in %s', (type, precision, measured) => {
  const found = layerBytesPerToken(layer(type), 128, { precision, rank: 16 })
  // Qwen3's head norms keep 32 bytes of statistics that are left out.
  expect(Math.abs(found - measured)).toBeLessThanOrEqual(32)
})

test.each([
  ['llama', 27_552],
  ['qwen3', 29_632],
] as const)('layerBytesPerToken() is what a %s layer kept in bf16, copies of its adapter aside', (type, measured) => {
  // Autocast kept 2 bytes of each of the adapter's 151,552 weights for the 256 tokens of the batch.
  const adapterCopies = (2 * 151_552) / 256
  const found = layerBytesPerToken(layer(type), 128, { precision: 'bf16', rank: 16 }) + adapterCopies
  expect(Math.abs(found - measured)).toBeLessThanOrEqual(32)
})

test('keptActivationBytes() with gradient checkpointing keeps the input of every layer alone', () => {
  const batch = { rows: 4, tokens: 512 }
  const kept = keptActivationBytes(SMOLLM2, batch, { precision: 'f32', gradientCheckpointing: true, rank: 16 })
  expect(kept).toBe(4 * 512 * (30 * 4 * 576 + 8 * 576))
})
