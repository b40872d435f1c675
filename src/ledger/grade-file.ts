/**
 * @file A file of grade records: written in whole batches, read as whole records whichever version wrote it. A file that an earlier version began is gone on
 * with in that version's form.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { readLines } from '../base/read-lines.ts'
import { writeWholeFile } from '../base/whole-file.ts'
import { LedgerCorruptError } from './errors.ts'
import {
  answerLineSchema,
  askedCaseSchema,
  askedHash,
  askedLineSchema,
  gradeHeaderSchema,
  headerOf,
  lineMaker,
  recordMaker,
  wholeGradeSchema,
  type AnswerLine,
  type AskedCase,
  type AskedOnce,
  type GradeHeader,
  type GradingFields,
} from './grade-lines.ts'
import type { GradeRecord } from './grade-record.ts'
import { parseRecord, readAllRecords } from './read-records.ts'
import { openRecordLog } from './record-log.ts'

/** The records of a file in order; none when it is not there. An interrupted write is left out. @throws LedgerCorruptError with file and line */
export async function* readGradeRecords(path: string): AsyncGenerator<GradeRecord> {
  if (!existsSync(path)) return
  let parse: ((text: string, line: number) => GradeRecord) | null = null
  for await (const { text, line, terminated } of readLines(path)) {
    if (!terminated) return
    if (parse !== null) yield parse(text, line)
    else if (isWhole(text)) yield (parse = wholeParser(path))(text, line)
    else parse = await lineParser(path, parseRecord(text, gradeHeaderSchema, { path, line }))
  }
}

/** All records of a file as an array. */
export async function readGrades(path: string): Promise<GradeRecord[]> {
  const records: GradeRecord[] = []
  for await (const record of readGradeRecords(path)) records.push(record)
  return records
}

/** Where and under what a grading is written. */
export interface GradeFileOptions {
  readonly grading: GradingFields
  /** Records that are the same bytes in every run of the same grading: those of the first chunk. The header is made of them. */
  readonly firstCount: number
  /** How many of so many records stay: those of complete chunks. */
  readonly keep: (recordCount: number) => number
  /** The file of asked cases, where models share one. */
  readonly asked?: string | undefined
}

/** A file of grades that is open for appending. */
export interface GradeFile {
  /** Records that were there when it was opened. */
  readonly recordCount: number
  /** Lines before the first record. */
  readonly headerLines: number
  /** All of a batch reaches the disk before this returns, or none of it does. @throws DiskFullError, FileWriteError */
  append(records: readonly GradeRecord[]): void
  close(): void
}

/** Opens or creates a file of grades. @throws LedgerCorruptError, DiskFullError, FileWriteError */
export async function openGradeFile(path: string, { grading, firstCount, keep, asked }: GradeFileOptions): Promise<GradeFile> {
  const begun = await beginningOf(path)
  const headerLines = begun === 'whole' ? 0 : 1
  const log = await openRecordLog(path, (lines) => {
    const kept = keep(Math.max(0, lines - headerLines))
    return kept === 0 ? 0 : kept + headerLines
  })
  const recordCount = Math.max(0, log.recordCount - headerLines)
  let lineOf = recordCount === 0 || begun === null ? null : begun === 'whole' ? wholeLine : lineMaker(begun)
  return {
    recordCount,
    headerLines: recordCount === 0 ? 1 : headerLines,
    append: (records) => {
      if (records.length === 0) return
      if (lineOf !== null) return log.append(records.map(lineOf))
      const header = headerOf(grading, asked === undefined ? null : seenFrom(path, asked), records.slice(0, firstCount))
      const made = lineMaker(header)
      log.append([header, ...records.map(made)])
      lineOf = made
    },
    close: () => log.close(),
  }
}

/**
 * Writes the cases that a grading asks, under the name that `nameOf` gives for their hash, unless they are there.
 * @throws LedgerCorruptError for a file of that name that holds others; DiskFullError, FileWriteError
 */
export function writeAskedCases(cases: readonly AskedCase[], nameOf: (hash: string) => string): string {
  const path = nameOf(askedHash(cases))
  const text = cases.map((one) => `${JSON.stringify(one)}\n`).join('')
  if (!existsSync(path)) writeWholeFile(path, text)
  else if (readFileSync(path, 'utf8') !== text)
    throw new LedgerCorruptError({ path, line: null, problem: 'it holds other cases than its name says' })
  return path
}

function seenFrom(path: string, asked: string): string {
  return relative(dirname(path), asked).split(sep).join(posix.sep)
}

function wholeLine(record: GradeRecord): unknown {
  return { v: 1, ...record }
}

/** What a file begins with: a record of version 1, a header, or nothing that is whole. */
async function beginningOf(path: string): Promise<'whole' | GradeHeader | null> {
  if (!existsSync(path)) return null
  for await (const { text, line, terminated } of readLines(path)) {
    if (!terminated) return null
    return isWhole(text) ? 'whole' : parseRecord(text, gradeHeaderSchema, { path, line })
  }
  return null
}

/** Anything that is not said to be of a later version is read as a record of the first: its schema says what is wrong. */
function isWhole(text: string): boolean {
  return !/^\{"v":\s*2\b/.test(text)
}

function wholeParser(path: string): (text: string, line: number) => GradeRecord {
  return (text, line) => {
    const { v: _v, ...record } = parseRecord(text, wholeGradeSchema, { path, line })
    return record
  }
}

async function lineParser(path: string, header: GradeHeader): Promise<(text: string, line: number) => GradeRecord> {
  const asked = header.asked === null ? null : await readAsked(path, header.asked)
  const make = recordMaker(header)
  const recordOf = (line: AnswerLine, one: AskedOnce, at: number): GradeRecord => {
    const record = make(line, one)
    if (typeof record === 'string')
      throw new LedgerCorruptError({ path, line: at, problem: `${record}: neither this line nor the header has it` })
    return record
  }
  if (asked === null)
    return (text, at) => {
      const line = parseRecord(text, askedLineSchema, { path, line: at })
      return recordOf(line, line, at)
    }
  return (text, at) => {
    const line = parseRecord(text, answerLineSchema, { path, line: at })
    const one = asked.get(line.caseId)
    if (one === undefined)
      throw new LedgerCorruptError({ path, line: at, problem: `caseId: it is not among the cases of ${header.asked ?? ''}` })
    const seed = one.seeds[line.repeat ?? header.usual.repeat ?? 0]
    if (seed === undefined)
      throw new LedgerCorruptError({ path, line: at, problem: `repeat: the cases of ${header.asked ?? ''} have no seed for it` })
    return recordOf(line, { cluster: one.cluster, tags: one.tags, twinOf: one.twinOf, seed, hashes: one.hashes }, at)
  }
}

async function readAsked(path: string, name: string): Promise<ReadonlyMap<string, AskedCase>> {
  const file = join(dirname(path), name)
  if (!existsSync(file))
    throw new LedgerCorruptError({
      path: file,
      line: null,
      problem: `it is missing, and ${posix.basename(path.split(sep).join(posix.sep))} needs it`,
    })
  return new Map((await readAllRecords(file, askedCaseSchema)).map((one) => [one.caseId, one]))
}
