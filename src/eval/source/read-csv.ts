/**
 * @file Rows of a CSV file with a header: every value is text, and an empty cell of a member that may be left out is no value.
 */
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import type { CsvError } from 'csv-parse'
import { displayPath } from '../../base/display-path.ts'
import { errorCodeOf } from '../../base/file-errors.ts'
import type { PlacedValue } from '../case-source.ts'
import { CasesTableError } from '../errors.ts'
import { messageOf } from '../problems.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'

const REQUIRED: ReadonlySet<string> = new Set(['input', 'expected'])

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}

/**
 * Lines in places are those on which a row ends. With `mapped` every cell is given as it is, empty ones too.
 * @throws CasesTableError, and what the system says of a file that cannot be read
 */
export async function* readCsv(path: string, evalName: string, mapped: boolean): AsyncGenerator<PlacedValue> {
  const shown = displayPath(path)
  const placeOf = (line: number): string => `${shown}:${line}`
  const parser = parse({ bom: true, columns: headerOf, info: true, skip_empty_lines: true, max_record_size: LARGEST_ROW_BYTES })
  const source = createReadStream(path)
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      yield { value: mapped ? record : membersOf(record), at: info.lines, placeOf }
    }
  } catch (cause) {
    const code = errorCodeOf(cause)
    if (code?.startsWith('CSV_') !== true && !(cause instanceof RepeatedColumnError)) throw cause
    const line = (cause as Partial<CsvError> & { readonly lines?: number }).lines
    throw new CasesTableError(evalName, line === undefined ? shown : placeOf(line), messageOf(cause))
  } finally {
    source.destroy()
  }
}

class RepeatedColumnError extends Error {}

function headerOf(names: readonly string[]): string[] {
  const trimmed = names.map((name) => name.trim())
  const repeated = trimmed.find((name, at) => trimmed.indexOf(name) !== at)
  if (repeated !== undefined) throw new RepeatedColumnError(`The header has two columns named ${JSON.stringify(repeated.slice(0, 40))}`)
  return trimmed
}

/** A row read without a mapping: empty cells are left out, tags are split. */
function membersOf(record: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      if (value === '' && !REQUIRED.has(name)) return []
      return [[name, name === 'tags' ? value.split(/[,;]/).map((tag) => tag.trim()) : value]]
    }),
  )
}
