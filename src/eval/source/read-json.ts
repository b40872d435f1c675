/**
 * @file Rows of a `.json` file: a list of rows, an object that holds one such list, or lines of JSON, which many tools write under this name.
 */
import { displayPath } from '../../base/display-path.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { LocatedRow } from '../case-source.ts'
import { CasesFormatError } from '../errors.ts'
import { LARGEST_JSON_BYTES } from './limits.ts'
import { messageOf } from '../problems.ts'
import { parseRow, readJsonl } from './read-jsonl.ts'
import { readWholeText } from './read-text.ts'
import type { TextReading } from './read-text.ts'

/** @throws CasesFormatError, CaseInvalidError for a repeated key, and what src/eval/source/read-text.ts throws */
export async function* readJson(path: string, reading: TextReading): AsyncGenerator<LocatedRow> {
  const shown = displayPath(path)
  const text = await readWholeText(path, reading, LARGEST_JSON_BYTES)
  if (text === null || isLines(text)) return yield* readJsonl(path, reading)
  const problem = syntaxProblem(text)
  if (problem !== null)
    throw new CasesFormatError({
      evalName: reading.evalName,
      where: `${shown}${problem.line === null ? '' : `:${problem.line}`}`,
      problem: problem.text,
    })
  const parsed = parseRow(text, reading.evalName, () => shown)
  if ('failure' in parsed) throw parsed.failure
  const { rows, name } = rowsIn(parsed.value, reading.evalName, shown)
  const whereOf = (row: number): string => `${shown} (${name} ${row})`
  for (const [index, value] of rows.entries()) yield { value, at: index + 1, whereOf }
}

/** Whether the first line that is not empty is an object by itself: lines of JSON, or one row. */
function isLines(text: string): boolean {
  const start = text.search(/\S/)
  if (start === -1 || text[start] !== '{') return start === -1
  const end = text.indexOf('\n', start)
  const first = end === -1 ? text : text.slice(start, end)
  const value = parsedOrNull(first)
  if (typeof value !== 'object' || value === null) return false
  return (end !== -1 && text.slice(end).trim() !== '') || listsIn(value).length === 0 || 'input' in value
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What JSON.parse says of a text, with the line; null for JSON. */
function syntaxProblem(text: string): { readonly text: string; readonly line: number | null } | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const position = /position (\d+)/.exec(messageOf(error))?.[1]
    const line = position === undefined ? null : text.slice(0, Number(position)).split('\n').length
    return { text: `it is neither a JSON list nor lines of JSON (${messageOf(error).slice(0, 120)})`, line }
  }
}

function rowsIn(value: unknown, evalName: string, shown: string): { readonly rows: readonly unknown[]; readonly name: string } {
  if (Array.isArray(value)) return { rows: value, name: 'row' }
  // One row, written over several lines.
  if (typeof value === 'object' && value !== null && 'input' in value) return { rows: [value], name: 'row' }
  const lists = typeof value === 'object' && value !== null ? listsIn(value) : []
  const [list] = lists
  if (list !== undefined && lists.length === 1) return { rows: list[1], name: quoteUntrusted(list[0], 40).slice(1, -1) }
  const found = lists.length === 0 ? 'no list of rows' : `several lists: ${lists.map(([key]) => quoteUntrusted(key, 40)).join(', ')}`
  throw new CasesFormatError({
    evalName,
    where: shown,
    problem: `it is one JSON object with ${found}; import it in the eval and give its rows as cases: [ … ]`,
  })
}

/** The members that are lists of objects. */
function listsIn(value: object): (readonly [name: string, rows: readonly unknown[]])[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const isRows =
      Array.isArray(member) && member.length > 0 && member.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
    return isRows ? [[name, member as readonly unknown[]] as const] : []
  })
}
