/**
 * @file Rows of a case source, from wherever it is kept, one after the other. What a row must look like is not its business.
 */
import { statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { displayPath } from '../../base/display-path.ts'
import { downloadHubFiles } from '../../base/download-hub-files.ts'
import { isHoldfastError } from '../../base/errors.ts'
import type { CaseInput, Role } from '../case.ts'
import { ROLES } from '../case.ts'
import type { CaseFile, CaseRows, CaseSource, FieldMapping, PlacedValue } from '../case-source.ts'
import { CasesUnreadableError } from '../errors.ts'
import { readCsv } from './read-csv.ts'
import { readDirectory } from './read-directory.ts'
import { readJsonl } from './read-jsonl.ts'
import { readParquet } from './read-parquet.ts'

/** Whose rows are read and how. */
export interface SourceContext {
  readonly evalName: string
  readonly origin: string
  readonly fields: FieldMapping | undefined
}

/** A row, where it stands, and the role that its file gives it. */
export interface SourcedRow extends PlacedValue {
  readonly role: Role | undefined
}

/** @throws CasesUnreadableError, the errors of the formats, and of src/base/download-hub-files.ts */
export async function* readSource(source: CaseSource, context: SourceContext): AsyncGenerator<SourcedRow> {
  for (const [role, rows] of byRole(source)) {
    for (const part of isFileList(rows) ? rows : [rows]) {
      for await (const { value, at, placeOf } of readPart(part, context)) yield { value, at, placeOf, role }
    }
  }
}

function byRole(source: CaseSource): (readonly [role: Role | undefined, rows: CaseRows])[] {
  if (Array.isArray(source) || 'href' in source || 'dataset' in source) return [[undefined, source as CaseRows]]
  const named = source as { readonly [role in Role]?: CaseRows }
  return ROLES.flatMap((role) => (named[role] === undefined ? [] : [[role, named[role]] as const]))
}

function isFile(value: unknown): value is CaseFile {
  return typeof value === 'object' && value !== null && (('href' in value && 'protocol' in value) || 'dataset' in value)
}

function isFileList(rows: CaseRows): rows is readonly CaseFile[] {
  return Array.isArray(rows) && rows.length > 0 && rows.every(isFile)
}

async function* readPart(part: readonly CaseInput[] | CaseFile, context: SourceContext): AsyncGenerator<PlacedValue> {
  if (!isFile(part)) {
    const placeOf = (at: number): string => `${context.origin} (case ${at})`
    for (const [index, value] of part.entries()) yield { value, at: index + 1, placeOf }
    return
  }
  const path = await pathOf(part)
  try {
    yield* readFormat(path, context)
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause
    throw new CasesUnreadableError(context.evalName, displayPath(path), cause)
  }
}

async function pathOf(file: CaseFile): Promise<string> {
  if ('href' in file) return fileURLToPath(file.href)
  const repository = { type: 'dataset', name: file.dataset, revision: file.revision } as const
  return join(await downloadHubFiles(repository, (path) => path === file.file), file.file)
}

function readFormat(path: string, { evalName, fields }: SourceContext): AsyncGenerator<PlacedValue> {
  const mapped = fields !== undefined
  if (statSync(path).isDirectory()) return readDirectory(path, evalName)
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return readCsv(path, evalName, mapped)
    case '.parquet':
      return readParquet(path, evalName, { columns: columnsOf(fields), mapped })
    default:
      return readJsonl(path, evalName)
  }
}

/** The columns that a mapping reads; null when a function of it may read any. */
function columnsOf(fields: FieldMapping | undefined): readonly string[] | null {
  if (fields === undefined) return null
  const sources = Object.values(fields).flat()
  if (sources.some((source) => typeof source === 'function')) return null
  return [...new Set(sources.map((path) => (path as string).split('.')[0] as string))]
}
