/**
 * @file Rows of a JSONL file, one JSON value a line; empty lines are skipped.
 */
import { displayPath } from '../../base/display-path.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { repeatedKey } from '../../base/repeated-key.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { LocatedFailure, LocatedRow } from '../case-source.ts'
import { CaseInvalidError, CasesMalformedError } from '../errors.ts'
import { checkLine, textLines } from './read-text.ts'
import type { TextReading } from './read-text.ts'

/** A line that is no JSON is a failure among the rows. @throws what src/eval/source/read-text.ts throws */
export async function* readJsonl(path: string, reading: TextReading): AsyncGenerator<LocatedRow> {
  const shown = displayPath(path)
  const whereOf = (line: number): string => `${shown}:${line}`
  for await (const found of textLines(path, reading)) {
    checkLine(found, path, reading)
    const { text, line: at } = found
    if (text.trim() === '') continue
    const row = parseRow(text, reading.evalName, () => whereOf(at))
    yield 'failure' in row ? { failure: row.failure, at, whereOf } : { value: row.value, at, whereOf }
  }
}

/** The value of a row's JSON, or why there is none. */
export function parseRow(
  text: string,
  evalName: string,
  where: () => string,
): { readonly value: unknown } | Pick<LocatedFailure, 'failure'> {
  let value: unknown
  try {
    value = parseExactJson(text)
  } catch {
    return { failure: new CasesMalformedError({ evalName, where: where(), line: text }) }
  }
  const repeated = repeatedKey(text, value)
  if (repeated === null) return { value }
  return {
    failure: new CaseInvalidError({ evalName, where: where(), problems: [`${quoteUntrusted(repeated)} stands twice in one object`] }),
  }
}
