/**
 * @file Many texts in few buffers: appended once, read by their number. What does not fit into the memory limit goes to a temporary file that has no name,
 * so that a million rows cost neither a million objects nor the memory of their texts.
 */
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileWriteFailure } from '../../base/file-errors.ts'
import { writeAllSync } from '../../base/whole-file.ts'

const CHUNK_BYTES = 1 << 18
const CHUNKS_KEPT = 16

/** Settings for tests; the defaults are for users. */
export interface PackedTextOptions {
  /** Bytes of text that stay in memory. Default 64 MiB. */
  readonly memoryBytes?: number
}

const closeLater = new FinalizationRegistry<number>((file) => closeSync(file))
let files = 0

/** An append-only list of texts. */
export class PackedText {
  #ends = new Float64Array(1024)
  #count = 0
  #bytes = 0
  /** Null where the chunk is in the file. */
  readonly #chunks: (Buffer | null)[] = []
  readonly #memoryChunks: number
  readonly #read = new Map<number, Buffer>()
  #file: number | null = null

  constructor({ memoryBytes = 1 << 26 }: PackedTextOptions = {}) {
    this.#memoryChunks = Math.max(1, Math.floor(memoryBytes / CHUNK_BYTES))
  }

  get length(): number {
    return this.#count
  }

  /** Bytes of all texts together. */
  get sizeBytes(): number {
    return this.#bytes
  }

  /** Gives the text's number. @throws DiskFullError, FileWriteError */
  append(text: string): number {
    const room = this.#bytes % CHUNK_BYTES
    // A UTF-16 unit takes at most three bytes: what surely fits is written without a copy.
    if (room > 0 && text.length * 3 <= CHUNK_BYTES - room) this.#bytes += (this.#chunks.at(-1) as Buffer).write(text, room)
    else this.#write(Buffer.from(text))
    if (this.#count === this.#ends.length) this.#ends = grow(this.#ends)
    this.#ends[this.#count] = this.#bytes
    return this.#count++
  }

  /** The text with a number below `length`. */
  at(index: number): string {
    const start = index === 0 ? 0 : (this.#ends[index - 1] as number)
    const end = this.#ends[index] as number
    // Nothing may stand where the next chunk will begin.
    if (start === end) return ''
    const first = Math.floor(start / CHUNK_BYTES)
    if (end <= (first + 1) * CHUNK_BYTES) {
      return this.#chunk(first).toString('utf8', start - first * CHUNK_BYTES, end - first * CHUNK_BYTES)
    }
    const parts: Buffer[] = []
    for (let at = start; at < end;) {
      const chunk = Math.floor(at / CHUNK_BYTES)
      const stop = Math.min(end, (chunk + 1) * CHUNK_BYTES)
      parts.push(this.#chunk(chunk).subarray(at - chunk * CHUNK_BYTES, stop - chunk * CHUNK_BYTES))
      at = stop
    }
    return Buffer.concat(parts).toString('utf8')
  }

  #write(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) {
      const room = this.#bytes % CHUNK_BYTES
      if (room === 0) this.#addChunk()
      const copied = bytes.copy(this.#chunks.at(-1) as Buffer, room, written)
      written += copied
      this.#bytes += copied
    }
  }

  /** A full chunk beyond the limit goes to the file when the next one begins. */
  #addChunk(): void {
    const last = this.#chunks.length - 1
    if (last >= this.#memoryChunks) this.#spill(last)
    this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES))
  }

  #spill(chunk: number): void {
    const path = join(tmpdir(), `holdfast-${process.pid}-${(files += 1)}.rows`)
    try {
      this.#file ??= openUnnamed(path, this)
      writeAllSync(this.#file, this.#chunks[chunk] as Buffer)
    } catch (cause) {
      throw fileWriteFailure(path, cause)
    }
    this.#chunks[chunk] = null
  }

  #chunk(index: number): Buffer {
    const kept = this.#chunks[index] ?? this.#read.get(index)
    if (kept !== undefined) return kept
    const position = (index - this.#memoryChunks) * CHUNK_BYTES
    const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    for (let read = 0; read < CHUNK_BYTES;) {
      const got = readSync(this.#file as number, bytes, read, CHUNK_BYTES - read, position + read)
      if (got === 0) break
      read += got
    }
    if (this.#read.size >= CHUNKS_KEPT) this.#read.delete(this.#read.keys().next().value as number)
    this.#read.set(index, bytes)
    return bytes
  }
}

/** The file loses its name at once: whatever ends the process also removes it. */
function openUnnamed(path: string, owner: object): number {
  const file = openSync(path, 'wx+', 0o600)
  closeLater.register(owner, file)
  unlinkSync(path)
  return file
}

function grow(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
