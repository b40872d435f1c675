/**
 * @file An append-only file of JSON records, one per line. Each append is one write and one flush, so a killed process leaves at most a part of
 * its last append, which is cut off when the file is opened again.
 */
import { closeSync, createReadStream, existsSync, fsyncSync, fstatSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileWriteFailure } from '../base/file-errors.ts'
import { flushDirectory, writeAllSync } from '../base/whole-file.ts'

/** A log that is open for appending. */
export interface RecordLog {
  /** Records in the file, those from before it was opened included. */
  readonly recordCount: number
  /**
   * Adds a batch: all of it reaches the disk before this returns, or none of it does.
   * @throws DiskFullError, FileWriteError
   */
  append(records: readonly unknown[]): void
  close(): void
}

/**
 * Opens or creates the log at `path`. A last line without line feed is cut off; `keep` may cut off more, for example the records of a batch that
 * is not complete: it is given the number of whole lines and says how many stay.
 */
export async function openRecordLog(path: string, keep: (lineCount: number) => number = (count) => count): Promise<RecordLog> {
  const ends = await lineEnds(path)
  const kept = Math.max(0, Math.min(ends.length, keep(ends.length)))
  try {
    return openAt(path, kept, kept === 0 ? 0 : (ends[kept - 1] as number))
  } catch (cause) {
    throw fileWriteFailure(path, cause)
  }
}

function openAt(path: string, kept: number, size: number): RecordLog {
  const isNew = !existsSync(path)
  if (isNew) mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a')
  if (fstatSync(file).size > size) ftruncateSync(file, size)
  // Only a power cut, or strace, shows whether this is done.
  if (isNew) flushDirectory(dirname(path))
  let recordCount = kept
  let sizeBytes = size
  return {
    get recordCount() {
      return recordCount
    },
    append(records) {
      if (records.length === 0) return
      const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''), 'utf8')
      try {
        writeAllSync(file, bytes)
        fsyncSync(file)
      } catch (cause) {
        cutBack(file, sizeBytes)
        throw fileWriteFailure(path, cause)
      }
      recordCount += records.length
      sizeBytes += bytes.length
    },
    close: () => closeSync(file),
  }
}

/** After a failed write the file ends where it ended before; should even that fail, the next opening cuts it. */
function cutBack(file: number, size: number): void {
  try {
    ftruncateSync(file, size)
  } catch {
    return
  }
}

/** Byte offsets of the ends of all whole lines; none for a file that is not there. The lines themselves are not read as text. */
async function lineEnds(path: string): Promise<readonly number[]> {
  if (!existsSync(path)) return []
  const ends: number[] = []
  let before = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) ends.push(before + at + 1)
    before += bytes.length
  }
  return ends
}

const LINE_FEED = 0x0a
