/**
 * @file Rows of a Parquet file, one row group in memory at a time.
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { displayPath } from '../../base/display-path.ts'
import { isHoldfastError } from '../../base/errors.ts'
import { errorCodeOf } from '../../base/file-errors.ts'
import { plainValue } from '../case-source.ts'
import type { LocatedValue } from '../case-source.ts'
import { CasesTableError } from '../errors.ts'
import { messageOf } from '../problems.ts'
import { LARGEST_ROW_GROUP_BYTES } from './limits.ts'
import { EXACT_PARSERS, exactColumns, rawSchema } from './parquet-values.ts'

/** Which columns are read; null for all. With a mapping values are given as the file has them, else as JSON, nulls left out. */
export interface ParquetReading {
  readonly columns: readonly string[] | null
  readonly mapped: boolean
}

/** @throws CasesTableError, and what the system says of a file that cannot be read */
export async function* readParquet(path: string, evalName: string, reading: ParquetReading): AsyncGenerator<LocatedValue> {
  const shown = displayPath(path)
  const whereOf = (row: number): string => `${shown} (row ${row})`
  const file = await open(path)
  try {
    const buffer = bufferOf(file, (await file.stat()).size)
    const stored = await parquetMetadataAsync(buffer)
    const exact = [...exactColumns(stored)]
    const metadata = rawSchema(stored)
    for (const [rowStart, rowEnd] of rowGroups(metadata, evalName, shown)) {
      const columns = knownColumns(metadata, reading.columns)
      const rows = await parquetReadObjects({
        file: buffer,
        metadata,
        rowStart,
        rowEnd,
        compressors,
        utf8: false,
        parsers: EXACT_PARSERS,
        ...columns,
      })
      for (const [index, row] of rows.entries()) {
        for (const [name, text] of exact) if (Object.hasOwn(row, name)) row[name] = text(row[name])
        yield { value: reading.mapped ? row : withoutNulls(row), at: rowStart + index + 1, whereOf }
      }
    }
  } catch (cause) {
    // Whatever the parser says of bytes that are no Parquet; the system's own errors have codes.
    if (isHoldfastError(cause) || errorCodeOf(cause) !== undefined) throw cause
    throw new CasesTableError({ evalName, where: shown, problem: messageOf(cause) })
  } finally {
    await file.close()
  }
}

function bufferOf(file: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - start))
      for (let read = 0; read < bytes.length;) {
        const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read)
        if (bytesRead === 0) break
        read += bytesRead
      }
      return bytes.buffer
    },
  }
}

function rowGroups(metadata: FileMetaData, evalName: string, shown: string): (readonly [start: number, end: number])[] {
  let start = 0
  return metadata.row_groups.map((group, index) => {
    if (Number(group.total_byte_size) > LARGEST_ROW_GROUP_BYTES) {
      throw new CasesTableError({
        evalName,
        where: shown,
        problem: `Row group ${index + 1} holds ${group.total_byte_size} bytes; write smaller row groups`,
      })
    }
    const end = start + Number(group.num_rows)
    const range = [start, end] as const
    start = end
    return range
  })
}

/** Only columns that the file has: a missing one is told by the mapping, with the row's own columns. */
function knownColumns(metadata: FileMetaData, wanted: readonly string[] | null): { readonly columns?: string[] } {
  if (wanted === null) return {}
  const root = metadata.schema[0]
  const names = new Set<string>()
  for (let at = 1, left = root?.num_children ?? 0; left > 0 && at < metadata.schema.length; left -= 1) {
    names.add(metadata.schema[at]?.name ?? '')
    at = skipElement(metadata, at)
  }
  const columns = wanted.filter((name) => names.has(name))
  // A mapping that fits no column reads all, so that the message can list them.
  return columns.length === wanted.length ? { columns } : {}
}

/** The index after an element of the flattened schema and everything inside it. */
function skipElement(metadata: FileMetaData, at: number): number {
  let [next, open] = [at, 1]
  while (open > 0 && next < metadata.schema.length) {
    open += (metadata.schema[next]?.num_children ?? 0) - 1
    next += 1
  }
  return next
}

function withoutNulls(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (value == null ? [] : [[name, plainValue(value)]])))
}
