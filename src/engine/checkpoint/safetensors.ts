/**
 * @file Safetensors files in and out: tensors by name, as stored or as 32-bit floats. It knows nothing of what the tensors mean.
 */
import { constants } from 'node:buffer'
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { writeWholeFile } from '../../base/whole-file.ts'
import { ModelFileMissingError, ModelFileRefusedError, SafetensorsCorruptError } from '../errors.ts'
import { checkModelFile } from './check-model-file.ts'
import { bfloatToFloat, floatToHalf, halfToFloat } from './float16.ts'
import { headerLength, parseSafetensorsHeader } from './safetensors-header.ts'
import type { StoredTensor } from './safetensors-header.ts'

/** A file in memory with its checked table of contents. `bytes` is the whole file, so offsets count from its beginning. */
export interface SafetensorsFile {
  readonly path: string
  readonly bytes: Buffer
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** A tensor to write; `values` holds 32-bit floats in row-major order. */
export interface TensorValues {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * Reads and checks a whole file.
 * @throws SafetensorsCorruptError, SafetensorsDtypeError, ModelFileMissingError
 */
export function readSafetensors(path: string): SafetensorsFile {
  const tensors = readSafetensorsTable(path)
  return { path, bytes: readAll(path), tensors }
}

/**
 * The table of contents alone, checked against the size of the file: of a file that is not what it says, no more is read.
 * @throws SafetensorsCorruptError, SafetensorsDtypeError, ModelFileMissingError, ModelFileRefusedError
 */
export function readSafetensorsTable(path: string): ReadonlyMap<string, StoredTensor> {
  if (!existsSync(path)) throw new ModelFileMissingError({ path, purpose: 'weight file of this name' })
  checkModelFile(path, { maxBytes: Infinity, mayLead: 'anywhere' })
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const length = Buffer.alloc(Math.min(8, size))
    readSync(file, length, 0, length.length, 0)
    const header = Buffer.alloc(8 + headerLength(path, length, size))
    readSync(file, header, 0, header.length, 0)
    return new Map(parseSafetensorsHeader(path, header, size).map((tensor) => [tensor.name, tensor]))
  } finally {
    closeSync(file)
  }
}

const SHARD =
  'save the weights in several files (save_pretrained with max_shard_size="3GB"), or serve the model and grade it through a server'

/** Files of more than 2 GiB too, which `readFileSync` refuses. */
function readAll(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > constants.MAX_LENGTH)
      throw new ModelFileRefusedError({ path, problem: `it has ${size} bytes, and one array holds ${constants.MAX_LENGTH}`, fix: SHARD })
    const bytes = Buffer.allocUnsafeSlow(size)
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, Math.min(2 ** 30, bytes.length - at), at)
      if (read === 0) throw new SafetensorsCorruptError({ path, problem: 'it became shorter while it was read' })
      at += read
    }
    return bytes
  } finally {
    closeSync(file)
  }
}

/** The values of one stored tensor as a fresh f32 array. */
export function tensorToFloats(bytes: Buffer, tensor: StoredTensor): Float32Array {
  // A copy, because the data may begin at an address that typed arrays refuse.
  const copy = new Uint8Array(tensor.byteLength)
  copy.set(bytes.subarray(tensor.offset, tensor.offset + tensor.byteLength))
  if (tensor.dtype === 'F32') return new Float32Array(copy.buffer)
  const bits = new Uint16Array(copy.buffer)
  return tensor.dtype === 'F16' ? halfToFloat(bits) : bfloatToFloat(bits)
}

/** Writes tensors sorted by name, whole or not at all; equal tensors and metadata give equal bytes. */
export function writeSafetensors(path: string, tensors: ReadonlyMap<string, TensorValues>, dtype: 'F32' | 'F16' = 'F32'): void {
  writeWholeFile(path, encodeSafetensors(tensors, dtype))
}

/** The bytes of a safetensors file with the metadata `format: pt` that transformers and PEFT ask for. */
export function encodeSafetensors(tensors: ReadonlyMap<string, TensorValues>, dtype: 'F32' | 'F16'): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const parts: Uint8Array[] = []
  let offset = 0
  for (const name of [...tensors.keys()].toSorted()) {
    const { shape, values } = tensors.get(name) as TensorValues
    const data = dtype === 'F16' ? floatToHalf(values) : values
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  // Spaces up to a multiple of 8 keep the data aligned for readers that map the file.
  const json = JSON.stringify(header)
  const padded = new TextEncoder().encode(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true)
  return Buffer.concat([length, padded, ...parts])
}
