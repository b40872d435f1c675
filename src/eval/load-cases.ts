/**
 * @file Reads the rows of an eval from where they are kept and checks each by itself. What rows mean to each other is src/eval/complete-cases.ts.
 */
import { fileURLToPath } from 'node:url'
import { displayPath } from '../base/display-path.ts'
import { readLines } from '../base/read-lines.ts'
import { isHoldfastError } from '../base/errors.ts'
import { downloadHubFiles } from '../base/download-hub-files.ts'
import { join } from 'node:path'
import type { CaseInput } from './case.ts'
import { caseInputSchema } from './case.ts'
import { CaseInvalidError, CasesMalformedError, CasesUnreadableError } from './errors.ts'
import type { CaseSource } from './eval.ts'
import { problemsOf } from './problems.ts'

/** A checked row and where it stands, "cases.jsonl:3". */
export interface PlacedRow {
  readonly row: CaseInput
  readonly place: string
}

/**
 * Rows of an eval in their own order; empty lines of a file are skipped.
 * @throws CasesUnreadableError, CasesMalformedError, CaseInvalidError, and the errors of src/base/download-hub-files.ts
 */
export async function loadCases(source: CaseSource, evalName: string, origin: string): Promise<readonly PlacedRow[]> {
  if (isInline(source)) return source.map((row, index) => checkRow(row, evalName, `${origin} (case ${index + 1})`))
  if ('href' in source) return readCasesFile(fileURLToPath(source.href), evalName)
  const directory = await downloadHubFiles(
    { type: 'dataset', name: source.dataset, revision: source.revision },
    (path) => path === source.file,
  )
  return readCasesFile(join(directory, source.file), evalName)
}

function isInline(source: CaseSource): source is readonly CaseInput[] {
  return Array.isArray(source)
}

async function readCasesFile(path: string, evalName: string): Promise<readonly PlacedRow[]> {
  const rows: PlacedRow[] = []
  try {
    for await (const { text, line } of readLines(path)) {
      if (text.trim() === '') continue
      const place = `${displayPath(path)}:${line}`
      rows.push(checkRow(parseLine(text, evalName, place), evalName, place))
    }
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause
    throw new CasesUnreadableError(evalName, displayPath(path), cause)
  }
  return rows
}

function parseLine(text: string, evalName: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CasesMalformedError(evalName, place, text)
  }
}

function checkRow(value: unknown, evalName: string, place: string): PlacedRow {
  const parsed = caseInputSchema.safeParse(value)
  if (!parsed.success) throw new CaseInvalidError(evalName, place, problemsOf(parsed.error))
  return { row: parsed.data, place }
}
