/**
 * @file Reads a LoRA adapter as PEFT writes it, and refuses by name what the engine cannot compute. It knows the shapes of the base's linear
 * layers and nothing of its weights.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { join } from 'node:path'
import { z } from 'zod'
import { linearName, linearShape } from '../architecture/llama-config.ts'
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { readOptionalJsonFile } from '../checkpoint/read-json-file.ts'
import { readSafetensors, tensorToFloats } from '../checkpoint/safetensors.ts'
import type { SafetensorsFile } from '../checkpoint/safetensors.ts'
import { LORA_TARGETS } from '../engine.ts'
import type { LoraTarget } from '../engine.ts'
import { AdapterInvalidError, AdapterMismatchError, AdapterUnsupportedError } from '../errors.ts'
import type { LoraMatrices, LoraMatrixPair } from './lora-matrices.ts'

const CONFIG = z.looseObject({
  peft_type: z.string(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  bias: z.string().optional(),
  use_rslora: z.boolean().nullish(),
})
const TENSOR_NAME = /^base_model\.model\.model\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])\.weight$/
/** Settings of adapter_config.json that change the arithmetic when they are set, and how a message calls them. */
const UNSUPPORTED: readonly (readonly [string, string])[] = [
  ['use_dora', 'DoRA'],
  ['use_qalora', 'QALoRA'],
  ['use_bdlora', 'block-diagonal LoRA'],
  ['lora_bias', 'a bias on B'],
  ['fan_in_fan_out', 'transposed linear layers (fan_in_fan_out)'],
  ['modules_to_save', 'fully trained modules (modules_to_save)'],
  ['trainable_token_indices', 'trained token embeddings (trainable_token_indices)'],
  ['target_parameters', 'adapted parameters (target_parameters)'],
  ['rank_pattern', 'a rank of its own for some layers (rank_pattern)'],
  ['alpha_pattern', 'an alpha of its own for some layers (alpha_pattern)'],
  ['layers_to_transform', 'only some of the layers (layers_to_transform)'],
  ['layer_replication', 'replicated layers (layer_replication)'],
  ['alora_invocation_tokens', 'activated LoRA (alora_invocation_tokens)'],
]
/** Initialisations that change the base weights, so that A and B alone do not make the trained model. */
const BASE_CHANGING_INIT = /^(pissa|olora|corda|loftq)/

/**
 * Reads `adapter_config.json` and `adapter_model.safetensors`.
 * @throws AdapterInvalidError, AdapterMismatchError, AdapterUnsupportedError, SafetensorsCorruptError, SafetensorsDtypeError
 */
export function readPeftAdapter(directory: string, base: LlamaConfig): LoraMatrices {
  const configPath = join(directory, 'adapter_config.json')
  const json = readOptionalJsonFile(configPath)
  if (json === undefined) throw new AdapterInvalidError(directory, 'The directory has no adapter_config.json')
  const parsed = CONFIG.safeParse(json)
  if (!parsed.success)
    throw new AdapterInvalidError(configPath, `The adapter's configuration lacks ${parsed.error.issues[0]?.path.join('.') ?? 'fields'}`)
  refuseUnsupported(configPath, json)
  const { r: rank, lora_alpha: alpha, use_rslora: stabilised } = parsed.data
  const file = readWeights(directory)
  const pairs = new Map<string, LoraMatrixPair>()
  const targets = findTargets(file, base)
  for (const target of targets) {
    for (let layer = 0; layer < base.layerCount; layer++)
      pairs.set(linearName(target, layer), readPair(file, base, { layer, target, rank }))
  }
  return { rank, alpha: stabilised === true ? alpha * Math.sqrt(rank) : alpha, targets, pairs }
}

function refuseUnsupported(path: string, config: Record<string, unknown>): void {
  if (config['peft_type'] !== 'LORA') throw new AdapterUnsupportedError(path, `the method ${JSON.stringify(config['peft_type'])}`)
  if ((config['bias'] ?? 'none') !== 'none')
    throw new AdapterUnsupportedError(path, `trained biases (bias: ${JSON.stringify(config['bias'])})`)
  const init = config['init_lora_weights']
  if (typeof init === 'string' && BASE_CHANGING_INIT.test(init))
    throw new AdapterUnsupportedError(path, `an initialisation that changes the base (${init})`)
  for (const [key, name] of UNSUPPORTED) if (isSet(config[key])) throw new AdapterUnsupportedError(path, name)
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function readWeights(directory: string): SafetensorsFile {
  const path = join(directory, 'adapter_model.safetensors')
  try {
    return readSafetensors(path)
  } catch (cause) {
    if ((cause as { code?: string }).code === 'MODEL_FILE_MISSING')
      throw new AdapterInvalidError(directory, 'The directory has no adapter_model.safetensors')
    throw cause
  }
}

function findTargets(file: SafetensorsFile, base: LlamaConfig): readonly LoraTarget[] {
  const found = new Set<string>()
  for (const name of file.tensors.keys()) {
    const match = TENSOR_NAME.exec(name)
    const target = match?.[2] as LoraTarget | undefined
    if (match === null || target === undefined || !LORA_TARGETS.includes(target))
      throw new AdapterUnsupportedError(file.path, `the tensor ${quoteUntrusted(name, 120)}`)
    if (Number(match[1]) >= base.layerCount) {
      throw new AdapterMismatchError(file.path, `it adapts layer ${match[1]}, the base has layers 0 to ${base.layerCount - 1}`)
    }
    found.add(target)
  }
  if (found.size === 0) throw new AdapterInvalidError(file.path, 'The adapter holds no LoRA matrices')
  return LORA_TARGETS.filter((target) => found.has(target))
}

function readPair(file: SafetensorsFile, base: LlamaConfig, part: { layer: number; target: LoraTarget; rank: number }): LoraMatrixPair {
  const [outputs, inputs] = linearShape(base, part.target)
  const read = (matrix: 'A' | 'B', shape: readonly [number, number]): Float32Array => {
    const name = `base_model.model.${linearName(part.target, part.layer)}.lora_${matrix}.weight`
    const tensor = file.tensors.get(name)
    if (tensor === undefined) throw new AdapterInvalidError(file.path, `Tensor "${name}" is missing`)
    if (tensor.shape.length !== 2 || tensor.shape[0] !== shape[0] || tensor.shape[1] !== shape[1]) {
      throw new AdapterMismatchError(
        file.path,
        `tensor "${name}" is [${tensor.shape.join(', ')}], rank ${part.rank} on this base needs [${shape.join(', ')}]`,
      )
    }
    return tensorToFloats(file.bytes, tensor)
  }
  return { a: read('A', [part.rank, inputs]), b: read('B', [outputs, part.rank]) }
}
