/**
 * @file Puts the lines of a CSV or TSV file together to records: a quoted cell may hold line breaks. A record that turns out broken gives all its lines
 * but the first back, so that a quote that is never closed costs one row and not the rest of the file.
 */
import type { FileLine } from '../../base/read-lines.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'

/** The lines of one record. */
export interface TableRecord {
  readonly lines: readonly FileLine[]
  readonly text: string
  /** The line that it begins with, and the one it ends with. */
  readonly first: number
  readonly last: number
}

/** The records of a table, one after the other. */
export class TableRecords {
  readonly #source: AsyncIterator<FileLine>
  readonly #delimiter: string
  /** Lines to be read again, the next one last. */
  readonly #again: FileLine[] = []

  constructor(lines: AsyncIterable<FileLine>, delimiter: string) {
    this.#source = lines[Symbol.asyncIterator]()
    this.#delimiter = delimiter
  }

  /** Undefined at the end. Empty lines between records are passed over, and those of empty cells alone, with which spreadsheets end. */
  async next(): Promise<TableRecord | undefined> {
    let line = await this.#line()
    while (line !== undefined && this.#isEmpty(line.text)) line = await this.#line()
    if (line === undefined) return undefined
    const lines = [line]
    let text = line.text
    let isOpen = this.#opens(line.text) && hasOddQuotes(line.text)
    while (isOpen && text.length <= LARGEST_ROW_BYTES) {
      const before = lines.at(-1) as FileLine
      line = await this.#line()
      if (line === undefined) break
      lines.push(line)
      text += `${before.hasReturn ? '\r\n' : '\n'}${line.text}`
      if (hasOddQuotes(line.text)) isOpen = false
    }
    return { lines, text, first: (lines[0] as FileLine).line, last: (lines.at(-1) as FileLine).line }
  }

  /** Lines that `next` shall read again. */
  giveBack(lines: readonly FileLine[]): void {
    for (const line of lines.toReversed()) this.#again.push(line)
  }

  async #line(): Promise<FileLine | undefined> {
    const again = this.#again.pop()
    if (again !== undefined) return again
    const { value, done } = await this.#source.next()
    return done === true ? undefined : value
  }

  #isEmpty(text: string): boolean {
    return text.replaceAll(this.#delimiter, '').trim() === ''
  }

  /** In a file with tabs a quote inside a cell is a letter like others: only a cell that begins with one is quoted. */
  #opens(text: string): boolean {
    return this.#delimiter !== '\t' || hasQuotedCell(text)
  }
}

/** Whether a cell of a line with tabs begins with a quote. */
export function hasQuotedCell(text: string): boolean {
  return text.startsWith('"') || text.includes('\t"')
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOdd = !isOdd
  return isOdd
}
