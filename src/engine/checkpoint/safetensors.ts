/**
 * @file Safetensors files in and out: tensors by name, as stored or as 32-bit floats. It knows nothing of what the tensors mean.
 */
import { readFileSync } from 'node:fs'
import { writeWholeFile } from '../../base/whole-file.ts'
import { ModelFileMissingError } from '../errors.ts'
import { bfloatToFloat, floatToHalf, halfToFloat } from './float16.ts'
import { parseSafetensorsHeader } from './safetensors-header.ts'
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
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new ModelFileMissingError(path, 'weight file of this name')
    throw cause
  }
  return { path, bytes, tensors: new Map(parseSafetensorsHeader(path, bytes).map((tensor) => [tensor.name, tensor])) }
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
