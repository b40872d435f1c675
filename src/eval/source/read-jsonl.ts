/**
 * @file Rows of a JSONL file, one JSON value a line; empty lines are skipped.
 */
import { displayPath } from '../../base/display-path.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { readLines } from '../../base/read-lines.ts'
import type { PlacedValue } from '../case-source.ts'
import { CaseInvalidError, CasesMalformedError } from '../errors.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'

/** @throws CasesMalformedError, CaseInvalidError for a line that is too long, and what the system says of a file that cannot be read */
export async function* readJsonl(path: string, evalName: string): AsyncGenerator<PlacedValue> {
  const shown = displayPath(path)
  const placeOf = (line: number): string => `${shown}:${line}`
  for await (const { text, line } of readLines(path)) {
    if (text.length > LARGEST_ROW_BYTES) {
      throw new CaseInvalidError(evalName, placeOf(line), [`it has ${text.length} characters, a case at most ${LARGEST_ROW_BYTES}`])
    }
    if (text.trim() !== '') yield { value: parseLine(text, evalName, placeOf(line)), at: line, placeOf }
  }
}

function parseLine(text: string, evalName: string, place: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    throw new CasesMalformedError(evalName, place, text)
  }
}
