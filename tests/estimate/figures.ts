/** @file Sizes of known models, as their config.json gives them, and settings that the tests of estimates share. */
import { modelFiguresOf, type ModelFigures } from '../../src/estimate/model-figures.ts'
import { stageSchema, type StageSpec } from '../../src/method/method-spec.ts'
import type { LoraSpec } from '../../src/trainer/training-spec.ts'

export const SMOLLM2: ModelFigures = modelFiguresOf('config.json', {
  model_type: 'llama',
  vocab_size: 49_152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  head_dim: 64,
  tie_word_embeddings: true,
})

export const NANO: ModelFigures = modelFiguresOf('config.json', {
  model_type: 'llama',
  vocab_size: 1216,
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  head_dim: 32,
  tie_word_embeddings: true,
})

export const LLAMA_8B_CONFIG = {
  model_type: 'llama',
  vocab_size: 128_256,
  hidden_size: 4096,
  intermediate_size: 14_336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  tie_word_embeddings: false,
}

export const LLAMA_8B: ModelFigures = modelFiguresOf('config.json', LLAMA_8B_CONFIG)

export const LORA: LoraSpec = {
  rank: 16,
  alpha: 32,
  targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
}

/** A stage with its defaults filled in. */
export function stageOf(settings: Readonly<Record<string, unknown>>): StageSpec {
  return stageSchema.parse({ steps: 10, optimizer: { learningRate: 0.001 }, ...settings })
}
