/**
 * @file Reads a text file line by line, with the place of each line, splitting at line feeds only. It does not parse.
 * (node:readline also splits at U+2028, which JSON allows inside strings and a model may well write.)
 */
import { createReadStream } from 'node:fs'

const LINE_FEED = 0x0a

/** One line without its line ending. */
export interface FileLine {
  readonly text: string
  /** Counted from 1. */
  readonly line: number
  /** Offset in bytes of what follows the line. */
  readonly endByte: number
  /** False for a last line without a line feed: what an interrupted write leaves. */
  readonly terminated: boolean
}

/** Streams the lines of a UTF-8 file; a byte order mark and carriage returns before line feeds are taken off. */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  let line = 0
  let endByte = 0
  let pending: Buffer[] = []
  const finish = (bytes: Buffer, terminated: boolean): FileLine => {
    pending.push(bytes)
    const whole = pending.length === 1 ? bytes : Buffer.concat(pending)
    pending = []
    line += 1
    endByte += whole.length + (terminated ? 1 : 0)
    return { text: clean(whole.toString('utf8'), line), line, endByte, terminated }
  }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = chunk as Buffer
    let start = 0
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
      yield finish(bytes.subarray(start, at), true)
      start = at + 1
    }
    if (start < bytes.length) pending.push(bytes.subarray(start))
  }
  if (pending.length > 0) yield finish(Buffer.alloc(0), false)
}

function clean(text: string, line: number): string {
  const withoutMark = line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
  return withoutMark.endsWith('\r') ? withoutMark.slice(0, -1) : withoutMark
}
