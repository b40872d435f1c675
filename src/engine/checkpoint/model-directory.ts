/**
 * @file A model directory in Hugging Face form, opened and checked as a whole before anything is computed: configuration, weights, stop tokens,
 * tokenizer. It builds no graph.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { join } from 'node:path'
import { identifyBase } from '../../identity/identify-model.ts'
import { EMBEDDING_WEIGHT, weightShapes } from '../architecture/llama-config.ts'
import type { LlamaConfig, WeightShape } from '../architecture/llama-config.ts'
import { ModelConfigError, WeightsMismatchError } from '../errors.ts'
import { checkTokenizerFits } from '../tokenizer/tokenizer.ts'
import { checkpointShapes, openCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { parseModelConfig } from './model-config.ts'
import { readJsonFile, readOptionalJsonFile } from './read-json-file.ts'
import { settleTiedHead } from './tied-head.ts'

/** An opened model. */
export interface ModelDirectory {
  readonly path: string
  /** `model_type` of config.json. */
  readonly architecture: string
  readonly config: LlamaConfig
  readonly checkpoint: Checkpoint
  readonly parameterCount: number
  readonly stopIds: readonly number[]
  /** As src/identity/identify-model.ts gives it. */
  readonly hash: string
}

/** Tensors that some checkpoints carry and no graph needs. */
const IGNORED_TENSOR = /(^|\.)rotary_emb\.inv_freq$/

/**
 * Opens a directory and checks that its parts fit each other.
 * @throws ModelFileMissingError, ModelConfigError, ArchitectureUnsupportedError, SafetensorsCorruptError, SafetensorsDtypeError,
 *   WeightsMismatchError, TokenizerMismatchError
 */
export function openModelDirectory(path: string): ModelDirectory {
  const configPath = join(path, 'config.json')
  const json = readJsonFile(configPath, 'configuration')
  const declared = parseModelConfig(configPath, json)
  // The headers say whether the rest is worth reading.
  const shapes = checkpointShapes(path)
  checkShapes(path, withoutTied(declared), shapes)
  const { config, checkpoint } = settleTiedHead({ config: declared, checkpoint: openCheckpoint(path) })
  checkWeights(path, config, checkpoint)
  checkTokenizerFits(path, config.vocabSize)
  return {
    path,
    architecture: String(json['model_type']),
    config,
    checkpoint,
    parameterCount: weightShapes(config).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    stopIds: readStopIds(path, config.vocabSize, json),
    hash: identifyBase(path, checkpoint.hashFiles()),
  }
}

/** The weights whose names do not depend on whether the head turns out to be the embedding. */
function withoutTied(config: LlamaConfig): readonly WeightShape[] {
  return weightShapes(config).filter(({ name }) => !config.tiedEmbeddings || name !== EMBEDDING_WEIGHT)
}

function checkShapes(path: string, wanted: readonly WeightShape[], shapes: ReadonlyMap<string, readonly number[]>): void {
  for (const { name, shape } of wanted) {
    const found = shapes.get(name)
    if (found === undefined) throw new WeightsMismatchError({ path, problem: `tensor "${name}" is missing` })
    if (found.join() !== shape.join()) {
      throw new WeightsMismatchError({
        path,
        problem: `tensor "${name}" is [${found.join(', ')}], config.json means [${shape.join(', ')}]`,
      })
    }
  }
}

function checkWeights(path: string, config: LlamaConfig, checkpoint: Checkpoint): void {
  const wanted = weightShapes(config)
  checkShapes(path, wanted, new Map([...checkpoint.tensors].map(([name, { shape }]) => [name, shape])))
  const known = new Set(wanted.map(({ name }) => name))
  if (config.tiedEmbeddings) known.add('lm_head.weight')
  const extra = [...checkpoint.tensors.keys()].find((name) => !known.has(name) && !IGNORED_TENSOR.test(name))
  if (extra !== undefined)
    throw new WeightsMismatchError({ path, problem: `tensor ${quoteUntrusted(extra, 120)} has no place in the model` })
}

const MAX_STOP_IDS = 1000

/** Token ids that end a completion, from generation_config.json, else from config.json. @throws ModelConfigError */
export function readStopIds(path: string, vocabSize: number, config: Readonly<Record<string, unknown>>): readonly number[] {
  const generationPath = join(path, 'generation_config.json')
  const generation = readOptionalJsonFile(generationPath)?.['eos_token_id']
  const [value, where] =
    generation === undefined || generation === null ? [config['eos_token_id'], join(path, 'config.json')] : [generation, generationPath]
  const ids = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (ids.length > MAX_STOP_IDS)
    throw new ModelConfigError({ path: where, problem: `eos_token_id names ${ids.length} tokens, more than ${MAX_STOP_IDS}` })
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id >= vocabSize)
      throw new ModelConfigError({ path: where, problem: `eos_token_id ${JSON.stringify(id)} is no token of the model` })
  }
  return ids as number[]
}
