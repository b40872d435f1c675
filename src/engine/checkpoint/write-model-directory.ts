/**
 * @file Writes a complete model directory in Hugging Face form: float16 weights beside copies of the base's configuration and tokenizer files.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWholeFile } from '../../base/whole-file.ts'
import { linearName, linearShape, weightShapes, type LlamaConfig } from '../architecture/llama-config.ts'
import { loraMatrices, type WeightSet } from '../training/weight-set.ts'
import { writeSafetensors, type TensorValues } from './safetensors.ts'

/** Files that belong to a model besides its weights; those the base has are copied. */
const COPIED_FILES = ['generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja']

/** The base that a model is written from. */
export interface ModelSource {
  readonly path: string
  readonly config: LlamaConfig
  read(name: string): Float32Array
}

/** Writes weights last, so that a directory with weights is complete. LoRA is merged: W + (alpha / rank) B A. */
export function writeModelDirectory(source: ModelSource, weights: WeightSet, directory: string): void {
  mkdirSync(directory, { recursive: true })
  for (const name of COPIED_FILES) {
    if (existsSync(join(source.path, name)) && source.path !== directory) copyFileSync(join(source.path, name), join(directory, name))
  }
  writeWholeFile(join(directory, 'config.json'), configOf(source))
  const tensors = new Map<string, TensorValues>()
  for (const { name, shape } of weightShapes(source.config)) {
    const values = weights.lora === null ? (weights.tensors.get(name)?.data ?? source.read(name)) : source.read(name)
    tensors.set(name, { shape, values })
  }
  if (weights.lora !== null) mergeLora(source.config, weights, tensors)
  writeSafetensors(join(directory, 'model.safetensors'), tensors, 'F16')
}

/**
 * The base's configuration, told that the weights are float16 now (transformers would round them to the number format that it names), and that a head
 * that turned out to be its own is so.
 */
function configOf({ path, config: { tiedEmbeddings } }: ModelSource): string {
  const text = readFileSync(join(path, 'config.json'), 'utf8')
  const config = JSON.parse(text) as Record<string, unknown>
  const key = 'torch_dtype' in config ? 'torch_dtype' : 'dtype'
  if (config[key] === 'float16' && (config['tie_word_embeddings'] === true) === tiedEmbeddings) return text
  return `${JSON.stringify({ ...config, [key]: 'float16', tie_word_embeddings: tiedEmbeddings }, null, 2)}\n`
}

function mergeLora(config: LlamaConfig, weights: WeightSet, tensors: ReadonlyMap<string, TensorValues>): void {
  const matrices = loraMatrices(config, weights)
  if (matrices === undefined) return
  const scale = matrices.alpha / matrices.rank
  for (const target of matrices.targets) {
    const [outputs, inputs] = linearShape(config, target)
    for (let layer = 0; layer < config.layerCount; layer++) {
      const pair = matrices.pairs.get(linearName(target, layer))
      const values = tensors.get(`${linearName(target, layer)}.weight`)?.values
      if (pair !== undefined && values !== undefined) addProduct(values, pair, { outputs, inputs, rank: matrices.rank, scale })
    }
  }
}

/** values[outputs, inputs] += scale · b[outputs, rank] · a[rank, inputs] */
function addProduct(
  values: Float32Array,
  { a, b }: { readonly a: Float32Array; readonly b: Float32Array },
  size: { outputs: number; inputs: number; rank: number; scale: number },
): void {
  for (let row = 0; row < size.outputs; row++) {
    for (let k = 0; k < size.rank; k++) {
      const factor = size.scale * (b[row * size.rank + k] as number)
      for (let column = 0; column < size.inputs; column++) {
        const at = row * size.inputs + column
        values[at] = (values[at] as number) + factor * (a[k * size.inputs + column] as number)
      }
    }
  }
}
