/**
 * @file All weights of a model directory, in one safetensors file or several with an index, ready to be given to a session as they lie on disk.
 * It knows nothing of what the tensors mean.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../base/hash.ts'
import type { HashedFile } from '../../identity/model-files.ts'
import { ModelConfigError, ModelFileMissingError, WeightsMismatchError } from '../errors.ts'
import type { ExternalTensor } from '../graph/graph.ts'
import type { ElementType } from '../graph/value.ts'
import { readJsonFile } from './read-json-file.ts'
import { readSafetensors, readSafetensorsTable, tensorToFloats } from './safetensors.ts'
import type { SafetensorsFile } from './safetensors.ts'
import type { StoredTensor, TensorDtype } from './safetensors-header.ts'

const ELEMENT_TYPES: Readonly<Record<TensorDtype, ElementType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }

/** The weights of one model. File names serve as the locations of external tensors. */
export interface Checkpoint {
  readonly directory: string
  /** Every tensor by name, as a graph takes it. */
  readonly tensors: ReadonlyMap<string, ExternalTensor>
  /** The bytes that the tensors' locations mean, as a session takes them. */
  readonly externalData: readonly { readonly path: string; readonly data: Buffer }[]
  /** Every weight file, in the order of their names. */
  hashFiles(): readonly HashedFile[]
  /** A fresh f32 array with the values of one tensor. */
  read(name: string): Float32Array
}

/** Names and shapes of all tensors, from the headers of the files alone. @throws as `openCheckpoint` */
export function checkpointShapes(directory: string): ReadonlyMap<string, readonly number[]> {
  const tables = weightFileNames(directory).map((name) => readSafetensorsTable(join(directory, name)))
  return new Map(tables.flatMap((table) => [...table.values()].map(({ name, shape }) => [name, shape] as const)))
}

/**
 * Opens model.safetensors, or the files that model.safetensors.index.json names.
 * @throws ModelFileMissingError, ModelFileRefusedError, ModelConfigError, SafetensorsCorruptError, SafetensorsDtypeError, WeightsMismatchError
 */
export function openCheckpoint(directory: string): Checkpoint {
  const names = weightFileNames(directory)
  const files = new Map(names.map((name) => [name, readSafetensors(join(directory, name))]))
  const stored = new Map<string, { readonly file: SafetensorsFile; readonly tensor: StoredTensor }>()
  const tensors = new Map<string, ExternalTensor>()
  for (const [location, file] of files) {
    for (const tensor of file.tensors.values()) {
      if (stored.has(tensor.name))
        throw new WeightsMismatchError({ path: file.path, problem: `tensor ${quoteUntrusted(tensor.name, 120)} is stored twice` })
      stored.set(tensor.name, { file, tensor })
      const { shape, offset: offsetBytes, byteLength: lengthBytes } = tensor
      tensors.set(tensor.name, { type: ELEMENT_TYPES[tensor.dtype], shape, location, offsetBytes, lengthBytes })
    }
  }
  return {
    directory,
    tensors,
    externalData: [...files].map(([path, file]) => ({ path, data: file.bytes })),
    hashFiles: () => [...files].map(([name, file]) => [name, sha256(file.bytes)] as const),
    read: (name) => {
      const found = stored.get(name)
      if (found === undefined) throw new WeightsMismatchError({ path: directory, problem: `tensor "${name}" is missing` })
      return tensorToFloats(found.file.bytes, found.tensor)
    },
  }
}

const PICKLE = /^[\w.-]+\.(?:bin|pt|pth|pkl|ckpt)$/

/** Why files that are there do not count. */
export function pickleNote(directory: string): string {
  const pickle = existsSync(directory) ? readdirSync(directory).find((name) => PICKLE.test(name)) : undefined
  return pickle === undefined ? '' : ` in safetensors, and ${pickle} is a pickle, which can run code when it is read`
}

/** Names of the weight files, in the order in which they are hashed. @throws ModelFileMissingError, ModelConfigError, WeightsMismatchError */
export function weightFileNames(directory: string): readonly string[] {
  if (existsSync(join(directory, 'model.safetensors'))) return ['model.safetensors']
  const path = join(directory, 'model.safetensors.index.json')
  if (!existsSync(path))
    throw new ModelFileMissingError({ path: join(directory, 'model.safetensors'), purpose: `weight file${pickleNote(directory)}` })
  const map = readJsonFile(path, 'index of weight files')['weight_map']
  if (typeof map !== 'object' || map === null) throw new ModelConfigError({ path, problem: 'The index of weight files has no weight_map' })
  const names = new Set(Object.values(map).map(String))
  for (const name of names)
    if (/[/\\]|^\.*$/.test(name))
      throw new ModelConfigError({ path, problem: `The index names a file outside the directory: ${JSON.stringify(name)}` })
  return [...names].toSorted()
}
