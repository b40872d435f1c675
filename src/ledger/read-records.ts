/**
 * @file Reads a run's records back as a stream, each checked against its schema.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { errorCodeOf } from '../base/file-errors.ts'
import { readLines } from '../base/read-lines.ts'
import { LedgerCorruptError } from './errors.ts'

/**
 * The records of a JSONL file in order; none when the file is not there. A last line without line feed is an interrupted write and is left out.
 * @throws LedgerCorruptError with file and line
 */
export async function* readRecords<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  if (!existsSync(path)) return
  for await (const { text, line, terminated } of readLines(path)) {
    if (terminated) yield parseRecord(text, schema, { path, line })
  }
}

/** All records of a file as an array. */
export async function readAllRecords<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const records: T[] = []
  for await (const record of readRecords(path, schema)) records.push(record)
  return records
}

/**
 * A whole-file record, null when the file is not there.
 * @throws LedgerCorruptError
 */
export function readWholeRecord<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return parseRecord(readFileSync(path, 'utf8'), schema, { path, line: null })
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** One record from its text. @throws LedgerCorruptError */
export function parseRecord<T>(text: string, schema: z.ZodType<T>, where: { readonly path: string; readonly line: number | null }): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new LedgerCorruptError({ path: where.path, line: where.line, problem: 'it is not JSON' })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LedgerCorruptError({
    path: where.path,
    line: where.line,
    problem: `${issue?.path.map(String).join('.') || 'record'}: ${issue?.message ?? 'unknown'}`,
  })
}
