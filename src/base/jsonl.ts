/**
 * @file Lines of JSON in a file that only grows. One append is one write and one fsync, so a killed process loses at most the append in flight;
 * what it may leave is a last line without its end, which readers here leave out.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeAllSync, writeWholeFile } from './whole-file.ts'

/** Text of records as lines, each closed by a line end. */
export function formatJsonl(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/**
 * Appends records with one write and one fsync, making folders as needed. The part of a line that a killed process left is cut off first, and so is what
 * a write left that failed in the middle.
 */
export function appendJsonl(path: string, records: readonly unknown[]): void {
  if (records.length === 0) return
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a+')
  try {
    appendAt(file, cutToLines(file, path), Buffer.from(formatJsonl(records)))
  } finally {
    closeSync(file)
  }
}

function appendAt(file: number, end: number, bytes: Uint8Array): void {
  try {
    writeAllSync(file, bytes)
    fsyncSync(file)
  } catch (error) {
    ftruncateSync(file, end)
    throw error
  }
}

/** Where the last whole line ends; what stands behind it is cut off. */
function cutToLines(file: number, path: string): number {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  if (size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === LINE_FEED)) return size
  const end = readFileSync(path).lastIndexOf(LINE_FEED) + 1
  ftruncateSync(file, end)
  return end
}

const LINE_FEED = 0x0a

/** Lines of a file that are complete (closed by a line end); none when the file does not exist. */
export function readCompleteLines(path: string): string[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.filter((line) => line !== '')
}

/** Rewrites the file with the given records only, whole or not at all. */
export function rewriteJsonl(path: string, records: readonly unknown[]): void {
  writeWholeFile(path, formatJsonl(records))
}
