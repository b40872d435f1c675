/**
 * @file Lines of JSON in a file that only grows. One append is one write and one fsync, so a killed process loses at most the append in flight;
 * what it may leave is a last line without its end, which readers here leave out.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeWholeFile } from './whole-file.ts'

/** Text of records as lines, each closed by a line end. */
export function formatJsonl(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** Appends records with one write and one fsync, making folders as needed. */
export function appendJsonl(path: string, records: readonly unknown[]): void {
  if (records.length === 0) return
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a')
  try {
    const bytes = Buffer.from(formatJsonl(records))
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

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
