/**
 * @file The header of a safetensors file, read with suspicion: every offset, size and name is checked against the file before a number is trusted.
 * It knows nothing of models. Source: the format section of the safetensors README (8 bytes little-endian length, JSON, then the data without holes).
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { SafetensorsCorruptError, SafetensorsDtypeError } from '../errors.ts'
import { jsonBurden } from './json-burden.ts'

/** The number formats that the engine reads. */
export type TensorDtype = 'F32' | 'F16' | 'BF16'

/** Where one tensor lies inside a file. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: TensorDtype
  readonly shape: readonly number[]
  /** From the beginning of the file, in bytes. */
  readonly offset: number
  readonly byteLength: number
}

export const DTYPE_BYTES: Readonly<Record<TensorDtype, number>> = { F32: 4, F16: 2, BF16: 2 }
const MAX_HEADER_BYTES = 100_000_000

/**
 * The tensors of a file, in the order of their data. `bytes` are its beginning, the header at least; `fileBytes` is how long it is.
 * @throws SafetensorsCorruptError, SafetensorsDtypeError
 */
export function parseSafetensorsHeader(path: string, bytes: Uint8Array, fileBytes: number): readonly StoredTensor[] {
  const headerBytes = headerLength(path, bytes, fileBytes)
  const entries = Object.entries(parseHeaderJson(path, bytes.subarray(8, 8 + headerBytes))).filter(([name]) => name !== '__metadata__')
  const tensors = entries.map((entry) => readEntry(path, entry, 8 + headerBytes))
  tensors.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)
  let end = 8 + headerBytes
  for (const tensor of tensors) {
    if (tensor.offset !== end)
      throw new SafetensorsCorruptError({
        path,
        problem: `the data of tensor ${quoteUntrusted(tensor.name, 120)} overlaps or leaves a hole`,
      })
    end += tensor.byteLength
  }
  if (end !== fileBytes) throw new SafetensorsCorruptError({ path, problem: `it should be ${end} bytes long and is ${fileBytes}` })
  return tensors
}

/** Length of the header, from the first 8 bytes of a file. @throws SafetensorsCorruptError */
export function headerLength(path: string, bytes: Uint8Array, fileBytes: number): number {
  if (bytes.length < 8) throw new SafetensorsCorruptError({ path, problem: `it is only ${fileBytes} bytes long` })
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES || Number(length) > fileBytes - 8) {
    throw new SafetensorsCorruptError({ path, problem: `its header claims ${length} bytes, the file has ${fileBytes}` })
  }
  return Number(length)
}

function parseHeaderJson(path: string, bytes: Uint8Array): Record<string, unknown> {
  const burden = jsonBurden(bytes)
  if (burden !== undefined) throw new SafetensorsCorruptError({ path, problem: `its header ${burden}` })
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header as Record<string, unknown>
  } catch {
    // Falls through to the one message for every unreadable header.
  }
  throw new SafetensorsCorruptError({ path, problem: 'its header is not a JSON object' })
}

function readEntry(path: string, [name, entry]: readonly [string, unknown], dataStart: number): StoredTensor {
  const fields = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>
  const { dtype, shape, data_offsets: offsets } = fields
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new SafetensorsCorruptError({
      path,
      problem: `the header entry of tensor ${quoteUntrusted(name, 120)} lacks dtype, shape or data_offsets`,
    })
  }
  if (!(dtype in DTYPE_BYTES)) throw new SafetensorsDtypeError({ path, tensor: name, dtype })
  const [begin, end] = offsets as [number, number]
  const byteLength = shape.reduce((product, size) => product * size, 1) * DTYPE_BYTES[dtype as TensorDtype]
  if (end - begin !== byteLength) {
    throw new SafetensorsCorruptError({
      path,
      problem: `tensor ${quoteUntrusted(name, 120)} has ${end - begin} bytes, its shape [${shape.join(', ')}] needs ${byteLength}`,
    })
  }
  return { name, dtype: dtype as TensorDtype, shape, offset: dataStart + begin, byteLength }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
}
