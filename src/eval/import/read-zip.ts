/**
 * @file Reads a ZIP archive that Inspect wrote as a log: stored and deflated entries, no encryption, no ZIP64. Anything else is refused, with what to do.
 */
import { readFileSync, statSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { displayPath } from '../../base/display-path.ts'
import { ImportFileError, InspectArchiveError } from './errors.ts'

const LARGEST_ARCHIVE_BYTES = 1 << 29
/** Largest entry when it is unpacked: a small archive must not fill the memory. */
const LARGEST_ENTRY_BYTES = 1 << 27
const END_SIGNATURE = 0x06_05_4b_50
const ENTRY_SIGNATURE = 0x02_01_4b_50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30

/** An archive's entries by name; each is unpacked when it is read. */
export interface ZipArchive {
  readonly names: readonly string[]
  /** Text of an entry. @throws InspectArchiveError */
  read(name: string): string
}

interface Entry {
  readonly method: number
  readonly packedBytes: number
  readonly at: number
}

/** @throws ImportFileError, InspectArchiveError */
export function readZip(path: string): ZipArchive {
  const where = displayPath(path)
  const bytes = readArchive(path)
  const entries = entriesOf(bytes, where)
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name)
      if (entry === undefined) throw new InspectArchiveError({ where, problem: 'an entry is missing' })
      return unpack(bytes, entry, where)
    },
  }
}

function readArchive(path: string): Buffer {
  try {
    if (statSync(path).size <= LARGEST_ARCHIVE_BYTES) return readFileSync(path)
  } catch (cause) {
    throw new ImportFileError({ where: displayPath(path), problem: 'it cannot be read' }, { cause })
  }
  throw new InspectArchiveError({ where: displayPath(path), problem: `it has more than ${LARGEST_ARCHIVE_BYTES} bytes` })
}

function entriesOf(bytes: Buffer, where: string): ReadonlyMap<string, Entry> {
  const end = endOf(bytes)
  if (end === undefined) throw new InspectArchiveError({ where, problem: 'it is no ZIP archive' })
  const entries = new Map<string, Entry>()
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0xff_ff || at === 0xff_ff_ff_ff) throw new InspectArchiveError({ where, problem: 'it is a ZIP64 archive' })
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) {
      throw new InspectArchiveError({ where, problem: 'its list of entries is broken' })
    }
    const nameBytes = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)
    entries.set(name, { method: bytes.readUInt16LE(at + 10), packedBytes: bytes.readUInt32LE(at + 20), at: bytes.readUInt32LE(at + 42) })
    at += ENTRY_BYTES + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/** The end record stands before a comment of at most 64 KiB. */
function endOf(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - END_BYTES - 0xff_ff)
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END_SIGNATURE) return at
  return undefined
}

function unpack(bytes: Buffer, { method, packedBytes, at }: Entry, where: string): string {
  if (method !== 0 && method !== 8) throw new InspectArchiveError({ where, problem: `an entry is packed by method ${method}` })
  if (at + LOCAL_BYTES > bytes.length) throw new InspectArchiveError({ where, problem: 'an entry lies outside of the file' })
  const start = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  if (start + packedBytes > bytes.length) throw new InspectArchiveError({ where, problem: 'an entry lies outside of the file' })
  const packed = bytes.subarray(start, start + packedBytes)
  if (method === 0) return packed.toString('utf8')
  try {
    return inflateRawSync(packed, { maxOutputLength: LARGEST_ENTRY_BYTES }).toString('utf8')
  } catch {
    throw new InspectArchiveError({ where, problem: `an entry is broken, or larger than ${LARGEST_ENTRY_BYTES} bytes` })
  }
}
