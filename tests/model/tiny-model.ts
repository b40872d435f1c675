/**
 * @file Writes a complete model directory with random weights: a two-layer Llama under the tokenizer of models/nano.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { weightShapes } from '../../src/engine/architecture/llama-config.ts'
import { parseModelConfig } from '../../src/engine/checkpoint/model-config.ts'
import { writeSafetensors } from '../../src/engine/checkpoint/safetensors.ts'

const NANO = fileURLToPath(new URL('../../models/nano/', import.meta.url))
const SMALL = { hidden_size: 32, intermediate_size: 48, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 8 }

/** Writes the model into `directory`, which is made; the same seed gives the same bytes. */
export function writeTinyModel(directory: string, seed = 1): void {
  mkdirSync(directory, { recursive: true })
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json']) {
    copyFileSync(join(NANO, name), join(directory, name))
  }
  const json = { ...(JSON.parse(readFileSync(join(NANO, 'config.json'), 'utf8')) as object), ...SMALL }
  writeFileSync(join(directory, 'config.json'), JSON.stringify(json))
  const random = seededRandom(seed, 'tiny-model')
  const tensors = weightShapes(parseModelConfig(join(directory, 'config.json'), json)).map(({ name, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1)
    return [
      name,
      { shape: [...shape], values: Float32Array.from({ length: count }, () => (shape.length === 1 ? 1 : 0.3 * random.normal())) },
    ] as const
  })
  writeSafetensors(join(directory, 'model.safetensors'), new Map(tensors))
}
