/**
 * @file Reads a LoRA adapter as PEFT writes it, and refuses by name what the engine cannot compute. It knows the shapes of the base's linear
 * layers and nothing of its weights.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { join } from 'node:path'
import { linearName, linearShape } from '../architecture/llama-config.ts'
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { pickleNote } from '../checkpoint/checkpoint.ts'
import { readOptionalJsonFile } from '../checkpoint/read-json-file.ts'
import { readSafetensors, tensorToFloats } from '../checkpoint/safetensors.ts'
import type { SafetensorsFile } from '../checkpoint/safetensors.ts'
import { LORA_TARGETS } from '../engine.ts'
import type { LoraTarget } from '../engine.ts'
import { AdapterInvalidError, AdapterMismatchError, AdapterUnsupportedError } from '../errors.ts'
import { adaptedModules, type AdaptedModule, MODULES_SCHEMA } from './adapted-modules.ts'
import { refuseUnsupportedSettings } from './adapter-settings.ts'
import { joinPairs } from './join-pairs.ts'
import type { LoraMatrices, LoraMatrixPair } from './lora-matrices.ts'

const TENSOR_NAME = /^base_model\.model\.(model\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+))\.lora_([AB])\.weight$/

/**
 * Reads `adapter_config.json` and `adapter_model.safetensors`.
 * @throws AdapterInvalidError, AdapterMismatchError, AdapterUnsupportedError, SafetensorsCorruptError, SafetensorsDtypeError
 */
export function readPeftAdapter(directory: string, base: LlamaConfig): LoraMatrices {
  const configPath = join(directory, 'adapter_config.json')
  const json = readOptionalJsonFile(configPath)
  if (json === undefined) throw new AdapterInvalidError({ path: directory, problem: 'The directory has no adapter_config.json' })
  const parsed = MODULES_SCHEMA.safeParse(json)
  if (!parsed.success)
    throw new AdapterInvalidError({
      path: configPath,
      problem: `The adapter's configuration lacks ${parsed.error.issues[0]?.path.join('.') ?? 'fields'}`,
    })
  refuseUnsupportedSettings(configPath, json)
  const file = readWeights(directory)
  const found = adaptedLayers(file, base)
  const modules = adaptedModules(configPath, parsed.data, base)
  refuseOthers(file, found, modules.adapted ?? found)
  const layers = [...modules.settings].filter(([name]) => found.has(name))
  return joinPairs(base, new Map(layers.map(([name, own]) => [name, { ...own, ...readPair(file, base, { name, ...own }) }])))
}

function readWeights(directory: string): SafetensorsFile {
  const path = join(directory, 'adapter_model.safetensors')
  try {
    return readSafetensors(path)
  } catch (cause) {
    if ((cause as { code?: string }).code === 'MODEL_FILE_MISSING')
      throw new AdapterInvalidError({
        path: directory,
        problem: `The directory has no ${pickleNote(directory) === '' ? 'adapter_model.safetensors' : `weight file${pickleNote(directory)}`}`,
      })
    throw cause
  }
}

/** Names of the linear layers that the file has matrices for. */
function adaptedLayers(file: SafetensorsFile, base: LlamaConfig): ReadonlySet<string> {
  const found = new Set<string>()
  for (const name of file.tensors.keys()) {
    const [, layer = '', index, target] = TENSOR_NAME.exec(name) ?? []
    if (!LORA_TARGETS.includes(target as LoraTarget) || layer !== linearName(target as LoraTarget, Number(index)))
      throw new AdapterUnsupportedError({ path: file.path, feature: `the tensor ${quoteUntrusted(name, 120)}` })
    if (Number(index) >= base.layerCount)
      throw new AdapterMismatchError({
        path: file.path,
        problem: `it adapts layer ${index}, the base has layers 0 to ${base.layerCount - 1}`,
      })
    found.add(layer)
  }
  if (found.size === 0) throw new AdapterInvalidError({ path: file.path, problem: 'The adapter holds no LoRA matrices' })
  return found
}

/** PEFT would leave matrices unread that its configuration does not name, and make up those that it names and the file lacks. */
function refuseOthers(file: SafetensorsFile, found: ReadonlySet<string>, adapted: ReadonlySet<string>): void {
  const unnamed = [...found].find((name) => !adapted.has(name))
  if (unnamed !== undefined)
    throw new AdapterInvalidError({
      path: file.path,
      problem: `The file adapts "${unnamed}", which target_modules, exclude_modules or layers_to_transform of adapter_config.json leave out`,
    })
  const missing = [...adapted].find((name) => !found.has(name))
  if (missing !== undefined)
    throw new AdapterInvalidError({ path: file.path, problem: `Tensor "base_model.model.${missing}.lora_A.weight" is missing` })
}

interface Layer extends AdaptedModule {
  readonly name: string
}

function readPair(file: SafetensorsFile, base: LlamaConfig, { name: layer, rank }: Layer): LoraMatrixPair {
  const [outputs, inputs] = linearShape(base, layer.split('.').at(-1) as LoraTarget)
  const read = (matrix: 'A' | 'B', shape: readonly [number, number]): Float32Array => {
    const name = `base_model.model.${layer}.lora_${matrix}.weight`
    const tensor = file.tensors.get(name)
    if (tensor === undefined) throw new AdapterInvalidError({ path: file.path, problem: `Tensor "${name}" is missing` })
    if (tensor.shape.length !== 2 || tensor.shape[0] !== shape[0] || tensor.shape[1] !== shape[1]) {
      throw new AdapterMismatchError({
        path: file.path,
        problem: `tensor "${name}" is [${tensor.shape.join(', ')}], rank ${rank} on this base needs [${shape.join(', ')}]`,
      })
    }
    return tensorToFloats(file.bytes, tensor)
  }
  return { a: read('A', [rank, inputs]), b: read('B', [outputs, rank]) }
}
