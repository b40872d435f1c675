/**
 * @file Reads text line by line, with the position of each line, splitting at line feeds only. It does not parse.
 * (node:readline also splits at U+2028, which JSON allows inside strings and a model may well write.)
 */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'

const LINE_FEED = 0x0a
const RETURN = 0x0d

/** One line without its line ending. */
export interface FileLine {
  readonly text: string
  /** Counted from 1. */
  readonly line: number
  /** Offset in bytes of what follows the line. */
  readonly endByte: number
  /** False for a last line without a line feed: what an interrupted write leaves. */
  readonly terminated: boolean
  /** Whether a carriage return was taken off before the line feed. */
  readonly hasReturn: boolean
  /** False where bytes are no UTF-8: replacement characters stand for them in the text. */
  readonly isUtf8: boolean
}

/** Streams the lines of a UTF-8 file; a byte order mark and carriage returns before line feeds are taken off. */
export function readLines(path: string): AsyncGenerator<FileLine> {
  return splitLines(createReadStream(path, { highWaterMark: 1 << 18 }))
}

/** The same of bytes from anywhere. A line of more than `longestBytes` is cut off there and is the last one. */
export async function* splitLines(chunks: AsyncIterable<unknown> | Iterable<unknown>, longestBytes = Infinity): AsyncGenerator<FileLine> {
  let line = 0
  let endByte = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const finish = (bytes: Buffer, terminated: boolean): FileLine => {
    pending.push(bytes)
    const whole = pending.length === 1 ? bytes : Buffer.concat(pending)
    pending = []
    pendingBytes = 0
    line += 1
    endByte += whole.length + (terminated ? 1 : 0)
    const hasReturn = whole.at(-1) === RETURN
    const text = whole.toString('utf8', line === 1 && hasMark(whole) ? 3 : 0, whole.length - (hasReturn ? 1 : 0))
    // Only a text with replacement characters can have come of other bytes.
    return { text, line, endByte, terminated, hasReturn, isUtf8: !text.includes('\ufffd') || isUtf8(whole) }
  }
  for await (const chunk of chunks) {
    const bytes = chunk as Buffer
    let start = 0
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
      yield finish(bytes.subarray(start, at), true)
      start = at + 1
    }
    if (start === bytes.length) continue
    pending.push(bytes.subarray(start))
    pendingBytes += bytes.length - start
    if (pendingBytes > longestBytes) break
  }
  if (pending.length > 0) yield finish(Buffer.alloc(0), false)
}

function hasMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
