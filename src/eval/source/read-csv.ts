/**
 * @file Rows of a CSV or TSV file: every value is text, and an empty cell of a member that may be left out is no value. The first row names the columns,
 * unless the eval does.
 */
import { parse } from 'csv-parse/sync'
import { displayPath } from '../../base/display-path.ts'
import type { FileLine } from '../../base/read-lines.ts'
import type { LocatedRow } from '../case-source.ts'
import { CaseInvalidError, CasesTableError } from '../errors.ts'
import { messageOf } from '../problems.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'
import { checkLine, textLines } from './read-text.ts'
import type { TextReading } from './read-text.ts'
import { hasQuotedCell, TableRecords } from './table-records.ts'
import type { TableRecord } from './table-records.ts'

const REQUIRED: ReadonlySet<string> = new Set(['input', 'expected'])
/** Records that are parsed in one call: a call for each would cost more than its row. */
const AT_ONCE = 256

/** How a table is read. With `mapped` every cell is given as it is, empty ones too. */
export interface TableReading extends TextReading {
  readonly tabs: boolean
  readonly mapped: boolean
  /** Names of the columns of a file without a header. */
  readonly columns?: readonly string[] | undefined
}

/**
 * The line of a row is that on which it ends. A broken row is a failure among the rows.
 * @throws CasesTableError for a broken header, and what src/eval/source/read-text.ts throws
 */
export async function* readCsv(path: string, reading: TableReading): AsyncGenerator<LocatedRow> {
  const shown = displayPath(path)
  const whereOf = (line: number): string => `${shown}:${line}`
  const { start, delimiter } = await openTable(checkedLines(path, reading), reading.tabs)
  const records = new TableRecords(start, delimiter)
  const columns = reading.columns ?? (await headerOf(records, { delimiter, evalName: reading.evalName, shown }))
  if (columns === null) return
  const fail = (record: TableRecord, problem: string): LocatedRow => {
    const where = whereOf(record.first)
    return { failure: new CasesTableError({ evalName: reading.evalName, where, problem }), at: record.first, whereOf }
  }
  for (let batch = await nextBatch(records); batch.length > 0; batch = await nextBatch(records)) {
    const cells = parseBatch(batch, delimiter)
    for (const [index, record] of batch.entries()) {
      const row = cells?.[index] ?? parseRecord(record, delimiter)
      if (typeof row === 'string') {
        // What follows was put together under a wrong idea of what is quoted.
        yield fail(record, row)
        records.giveBack([...record.lines.slice(1), ...batch.slice(index + 1).flatMap(({ lines }) => lines)])
        break
      }
      const problem = rowProblem(row, columns)
      if (problem !== null) yield fail(record, problem)
      else if (row.some((cell) => cell.includes('\0'))) {
        const failure = new CaseInvalidError({
          evalName: reading.evalName,
          where: whereOf(record.last),
          problems: ['it holds NUL bytes: the file is damaged or no text'],
        })
        yield { failure, at: record.last, whereOf }
      } else yield { value: valueOf(row, columns, reading.mapped), at: record.last, whereOf }
    }
  }
}

async function* checkedLines(path: string, reading: TextReading): AsyncGenerator<FileLine> {
  for await (const line of textLines(path, reading)) {
    checkLine(line, path, reading)
    yield line
  }
}

interface OpenTable {
  readonly start: AsyncIterable<FileLine>
  readonly delimiter: string
}

/** The delimiter of a table: what its first line has, a comma where both are possible. Excel says it in a line of its own, or not at all. */
async function openTable(lines: AsyncGenerator<FileLine>, tabs: boolean): Promise<OpenTable> {
  const { value: line, done } = await lines.next()
  if (done === true) return { start: lines, delimiter: ',' }
  const said = /^sep=(.)$/i.exec(line.text)?.[1]
  if (said !== undefined) return { start: lines, delimiter: said }
  const bare = line.text.replace(/"[^"]*"/g, '')
  const found = [',', ';', '\t'].find((one) => bare.includes(one)) ?? ','
  return { start: withFirst(line, lines), delimiter: tabs ? '\t' : found }
}

async function* withFirst(first: FileLine, lines: AsyncIterable<FileLine>): AsyncGenerator<FileLine> {
  yield* byReturns(first)
  for await (const line of lines) yield* byReturns(line)
}

/** Old Macintosh files end lines with carriage returns alone. */
function* byReturns(line: FileLine): Generator<FileLine> {
  if (!line.text.includes('\r') || line.text.includes('"') || line.line > 1) yield line
  else for (const [index, text] of line.text.split('\r').entries()) yield { ...line, text, line: line.line + index }
}

interface HeaderSource {
  readonly delimiter: string
  readonly evalName: string
  readonly shown: string
}

/** Null for a file without a line. @throws CasesTableError */
async function headerOf(records: TableRecords, { delimiter, evalName, shown }: HeaderSource): Promise<readonly string[] | null> {
  const record = await records.next()
  if (record === undefined) return null
  const names = parseRecord(record, delimiter)
  const refuse = (problem: string): CasesTableError => new CasesTableError({ evalName, where: `${shown}:${record.first}`, problem })
  if (typeof names === 'string') throw refuse(names)
  const trimmed = names.map((name) => name.trim())
  const repeated = trimmed.find((name, at) => trimmed.indexOf(name) !== at)
  if (repeated !== undefined) throw refuse(`The header has two columns named ${JSON.stringify(repeated.slice(0, 40))}`)
  return trimmed
}

async function nextBatch(records: TableRecords): Promise<TableRecord[]> {
  const batch: TableRecord[] = []
  for (let size = 0; batch.length < AT_ONCE && size < LARGEST_ROW_BYTES; size += batch.at(-1)?.text.length ?? 0) {
    const record = await records.next()
    if (record === undefined) break
    batch.push(record)
  }
  return batch
}

/** The cells of each record; undefined where they do not come out one for one, and each must be looked at. */
function parseBatch(batch: readonly TableRecord[], delimiter: string): readonly string[][] | undefined {
  // A letter like others in a file with tabs is a broken quote to the parser.
  if (delimiter === '\t' && batch.some(({ text }) => text.includes('"'))) return undefined
  const cells = parseText(batch.map(({ text }) => text).join('\n'), delimiter)
  return typeof cells === 'string' || cells.length !== batch.length ? undefined : cells
}

/** The cells of a record, or what is wrong with it. */
function parseRecord({ text, first, last }: TableRecord, delimiter: string): string[] | string {
  if (delimiter === '\t' && !hasQuotedCell(text)) return text.split('\t')
  const cells = parseText(text, delimiter)
  // The parser counts from the record's own first line.
  if (typeof cells === 'string') return cells.replace(/ (?:at|on) line \d+/, '')
  if (cells.length === 1) return cells[0] as string[]
  return first === last ? 'The row is no single row' : `The quotes of the lines ${first} to ${last} do not fit together`
}

function parseText(text: string, delimiter: string): string[][] | string {
  try {
    const options = { delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n'], max_record_size: LARGEST_ROW_BYTES }
    return parse(text, options)
  } catch (error) {
    return messageOf(error)
  }
}

function rowProblem(row: readonly string[], columns: readonly string[]): string | null {
  if (row.length === columns.length) return null
  const quoting = row.length > columns.length ? '; a value that holds the separator is quoted' : ''
  return `The row has ${row.length} cells, the header ${columns.length}${quoting}`
}

/** A row read without a mapping: empty cells are left out, tags are split. */
function valueOf(row: readonly string[], columns: readonly string[], mapped: boolean): Readonly<Record<string, unknown>> {
  const entries = columns.flatMap((name, at): (readonly [string, unknown])[] => {
    const value = row[at] as string
    if (mapped) return [[name, value]]
    if (value === '' && !REQUIRED.has(name)) return []
    return [[name, name === 'tags' ? value.split(/[,;]/).map((tag) => tag.trim()) : value]]
  })
  return Object.fromEntries(entries)
}
