/** @file A random one-layer Llama with the bundled model's tokenizer, written in milliseconds: real enough for every part, small enough for tests. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { weightShapes } from '../../src/engine/architecture/llama-config.ts'
import { parseModelConfig } from '../../src/engine/checkpoint/model-config.ts'
import { writeSafetensors, type TensorValues } from '../../src/engine/checkpoint/safetensors.ts'

const BUNDLED = fileURLToPath(new URL('../../models/nano/', import.meta.url))
const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json']

/** Writes the model into `directory` and gives the directory back. */
export function writeTinyModel(directory: string, seed = 1): string {
  mkdirSync(directory, { recursive: true })
  for (const name of TOKENIZER_FILES) copyFileSync(join(BUNDLED, name), join(directory, name))
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: 1216,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    head_dim: 16,
    hidden_act: 'silu',
    max_position_embeddings: 128,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    bos_token_id: 1,
    eos_token_id: 2,
    pad_token_id: 0,
  }
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config))
  const tensors = new Map<string, TensorValues>()
  for (const { name, shape } of weightShapes(parseModelConfig('config.json', config)))
    tensors.set(name, { shape, values: draw(name, shape, seed) })
  writeSafetensors(join(directory, 'model.safetensors'), tensors, 'F16')
  return directory
}

function draw(name: string, shape: readonly number[], seed: number): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
  if (shape.length === 1) return values.fill(1)
  const random = seededRandom(seed, name)
  return values.map(() => 0.08 * random.normal())
}
