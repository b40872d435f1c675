/**
 * @file What identifies a model directory of any architecture, without loading it: the hash that the engine gives it too, and the number of its parameters.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { hashFile } from '../../base/hash.ts'
import { identifyBase } from '../../identity/identify-model.ts'
import type { HashedFile } from '../../identity/model-files.ts'
import { ModelFileMissingError, SafetensorsCorruptError } from '../errors.ts'
import { checkModelFile } from './check-model-file.ts'
import { weightFileNames } from './checkpoint.ts'
import { jsonBurden } from './json-burden.ts'
import { readStopIds } from './model-directory.ts'
import { readJsonFile } from './read-json-file.ts'

/** A model directory as records name it. */
export interface WeightsDescription {
  /** As src/identity/identify-model.ts gives it: equal to the engine's `ModelDescription.hash`. */
  readonly hash: string
  /** Of all stored tensors. */
  readonly parameterCount: number
  readonly stopIds: readonly number[]
  readonly config: Readonly<Record<string, unknown>>
}

const LARGEST_HEADER_BYTES = 100_000_000

/** Reads every byte of the weights once. @throws ModelFileMissingError, ModelFileRefusedError, ModelConfigError, SafetensorsCorruptError */
export async function describeWeights(directory: string): Promise<WeightsDescription> {
  const configPath = join(directory, 'config.json')
  const config = readJsonFile(configPath, 'configuration')
  const names = weightFileNames(directory)
  const files = names.map((name) => join(directory, name))
  const missing = files.find((path) => !existsSync(path))
  if (missing !== undefined) throw new ModelFileMissingError({ path: missing, purpose: 'weight file of this name' })
  for (const path of files) checkModelFile(path, { maxBytes: Infinity, mayLead: 'anywhere' })
  // First, because a damaged header is found at once and a hash takes its time.
  const parameterCount = files.reduce((sum, path) => sum + countParameters(path), 0)
  const weights: HashedFile[] = []
  for (const name of names) weights.push([name, await hashFile(join(directory, name))])
  const vocabSize = typeof config['vocab_size'] === 'number' ? config['vocab_size'] : Number.MAX_SAFE_INTEGER
  return {
    hash: identifyBase(directory, weights),
    parameterCount,
    stopIds: readStopIds(directory, vocabSize, config),
    config,
  }
}

/** From the header alone, any dtype. */
function countParameters(path: string): number {
  const file = openSync(path, 'r')
  try {
    const length = Buffer.alloc(8)
    const read = readSync(file, length, 0, 8, 0)
    const headerBytes = read === 8 ? Number(length.readBigUInt64LE()) : Number.MAX_SAFE_INTEGER
    if (headerBytes > Math.min(LARGEST_HEADER_BYTES, fstatSync(file).size - 8))
      throw new SafetensorsCorruptError({ path, problem: 'its header has no believable length' })
    const header = Buffer.alloc(headerBytes)
    readSync(file, header, 0, headerBytes, 8)
    const burden = jsonBurden(header)
    if (burden !== undefined) throw new SafetensorsCorruptError({ path, problem: `its header ${burden}` })
    return sumShapes(path, JSON.parse(header.toString('utf8')))
  } catch (error) {
    if (error instanceof SyntaxError) throw new SafetensorsCorruptError({ path, problem: 'its header is not a JSON object' })
    throw error
  } finally {
    closeSync(file)
  }
}

function sumShapes(path: string, header: unknown): number {
  if (!isObject(header)) throw new SafetensorsCorruptError({ path, problem: 'its header is not a JSON object' })
  let sum = 0
  for (const entry of Object.values(header)) {
    if (!isObject(entry)) throw new SafetensorsCorruptError({ path, problem: 'an entry of its header is not a JSON object' })
    const { shape } = entry
    // The entry for metadata has none.
    if (Array.isArray(shape)) sum += shape.reduce<number>((product, size) => product * Number(size), 1)
  }
  return sum
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
