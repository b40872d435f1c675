/**
 * @file The model before training: random weights in Hugging Face form, from the seed alone.
 * Normal with the configured deviation; projections that write into the residual stream are scaled down by the number of such writes, as in GPT-2.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../../src/base/seeded-random.ts'
import { parseModelConfig } from '../../../src/engine/checkpoint/model-config.ts'
import { writeSafetensors, type TensorValues } from '../../../src/engine/checkpoint/safetensors.ts'
import { weightShapes } from '../../../src/engine/architecture/llama-config.ts'
import { CORPUS_SEED, modelConfig, SHAPE } from './settings.ts'

/** Writes config.json and model.safetensors into `directory`, where the tokenizer files already lie. */
export function writeInitialModel(directory: URL, vocabSize: number): void {
  mkdirSync(directory, { recursive: true })
  const config = modelConfig(vocabSize)
  writeFileSync(new URL('config.json', directory), `${JSON.stringify(config, null, 2)}\n`)
  const tensors = new Map<string, TensorValues>()
  for (const { name, shape } of weightShapes(parseModelConfig('config.json', config)))
    tensors.set(name, { shape, values: draw(name, shape) })
  writeSafetensors(fileURLToPath(new URL('model.safetensors', directory)), tensors, 'F16')
}

function draw(name: string, shape: readonly number[]): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
  if (shape.length === 1) return values.fill(1)
  const writesResidual = name.includes('o_proj') || name.includes('down_proj')
  const deviation = SHAPE.initializerRange / (writesResidual ? Math.sqrt(2 * SHAPE.layerCount) : 1)
  const random = seededRandom(CORPUS_SEED, 'initial', name)
  for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal()
  return values
}
