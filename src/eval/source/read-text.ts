/**
 * @file The bytes of a text file as UTF-8: unpacked where they are gzip, converted where a byte order mark or the eval names another encoding. What is
 * no text in the encoding is refused with its line: a replaced letter is another answer.
 */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { displayPath } from '../../base/display-path.ts'
import { errorCodeOf } from '../../base/file-errors.ts'
import { splitLines } from '../../base/read-lines.ts'
import type { FileLine } from '../../base/read-lines.ts'
import { CaseInvalidError, CasesEncodingError, CasesFormatError } from '../errors.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'

/** Whose text is read and how. */
export interface TextReading {
  readonly evalName: string
  /** A name that TextDecoder knows; undefined for UTF-8. */
  readonly encoding?: string | undefined
}

/** The lines of a text file, each of which `checkLine` must see. A function of its own would cost each of a million lines a turn. */
export function textLines(path: string, reading: TextReading): AsyncGenerator<FileLine> {
  return splitLines(readUtf8(path, reading), LARGEST_ROW_BYTES * 4)
}

/** @throws CasesEncodingError, CaseInvalidError for a line that is too long */
export function checkLine({ isUtf8: isText, text, line }: FileLine, path: string, { evalName }: TextReading): void {
  if (!isText) throw new CasesEncodingError({ evalName, where: `${displayPath(path)}:${line}`, line: text })
  if (text.length <= LARGEST_ROW_BYTES) return
  throw new CaseInvalidError({
    evalName,
    where: `${displayPath(path)}:${line}`,
    problems: [`it has ${text.length} characters, a case at most ${LARGEST_ROW_BYTES}`],
  })
}

/** The whole text, without a byte order mark; null where it has more than `largestBytes`. @throws CasesEncodingError, CasesFormatError */
export async function readWholeText(path: string, reading: TextReading, largestBytes: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of readUtf8(path, reading)) {
    size += chunk.length
    if (size > largestBytes) return null
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes)) await refuseForeign(bytes, path, reading)
  return bytes.toString('utf8').replace(/^\ufeff/, '')
}

async function refuseForeign(bytes: Buffer, path: string, { evalName }: TextReading): Promise<void> {
  for await (const line of splitLines([bytes])) {
    if (!line.isUtf8) throw new CasesEncodingError({ evalName, where: `${displayPath(path)}:${line.line}`, line: line.text })
  }
}

/** Bytes that claim to be UTF-8. @throws CasesEncodingError, CasesFormatError, and what the system says of a file that cannot be read */
export async function* readUtf8(path: string, { evalName, encoding }: TextReading): AsyncGenerator<Buffer> {
  const shown = displayPath(path)
  let decoder: TextDecoder | undefined
  let isFirst = true
  for await (const chunk of unpacked(path, evalName)) {
    if (isFirst) {
      const used = encodingOf(chunk, encoding)
      if ('problem' in used) throw new CasesFormatError({ evalName, where: shown, problem: used.problem })
      if (used.name !== 'utf-8') decoder = new TextDecoder(used.name, { fatal: true })
    }
    isFirst = false
    yield decoder === undefined ? chunk : converted(decoder, chunk, { evalName, shown })
  }
  if (decoder !== undefined) yield converted(decoder, null, { evalName, shown })
}

function converted(
  decoder: TextDecoder,
  chunk: Buffer | null,
  { evalName, shown }: { readonly evalName: string; readonly shown: string },
): Buffer {
  try {
    return Buffer.from(chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true }))
  } catch {
    throw new CasesFormatError({ evalName, where: shown, problem: `it is no text in ${decoder.encoding}` })
  }
}

type UsedEncoding = { readonly name: string } | { readonly problem: string }

/** A byte order mark says more than the eval does; text without one that is full of NUL bytes is UTF-16, and is not guessed. */
function encodingOf(first: Buffer, encoding: string | undefined): UsedEncoding {
  const [a = -1, b = -1, c = -1, d = -1] = first
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return { problem: 'it is UTF-32' }
  if (a === 0xff && b === 0xfe) return { name: 'utf-16le' }
  if (a === 0xfe && b === 0xff) return { name: 'utf-16be' }
  if (a === 0xef && b === 0xbb && c === 0xbf) return { name: 'utf-8' }
  if (encoding !== undefined) return { name: new TextDecoder(encoding).encoding }
  if (a > 0 && b === 0 && c > 0 && d === 0) return { problem: "it looks like UTF-16 without a byte order mark: say encoding: 'utf-16le'" }
  if (a === 0 && b > 0 && c === 0 && d > 0) return { problem: "it looks like UTF-16 without a byte order mark: say encoding: 'utf-16be'" }
  return { name: 'utf-8' }
}

/** The bytes of a file, unpacked where its first two say gzip; the first chunk has at least four bytes where the file does. */
async function* unpacked(path: string, evalName: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: 1 << 18 })
  try {
    if (!path.toLowerCase().endsWith('.gz')) return yield* firstAtLeastFour(source)
    const unpacker = createGunzip({ chunkSize: 1 << 18 })
    source.on('error', (error) => unpacker.destroy(error))
    source.pipe(unpacker)
    yield* firstAtLeastFour(unpacker)
  } catch (cause) {
    if (errorCodeOf(cause)?.startsWith('Z_') !== true) throw cause
    throw new CasesFormatError({ evalName, where: displayPath(path), problem: 'it cannot be unpacked: it is no gzip or was cut short' })
  } finally {
    source.destroy()
  }
}

async function* firstAtLeastFour(chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let first: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (first === null) yield chunk as Buffer
    else {
      first = first.length === 0 ? (chunk as Buffer) : Buffer.concat([first, chunk as Buffer])
      if (first.length < 4) continue
      yield first
      first = null
    }
  }
  if (first !== null && first.length > 0) yield first
}
