/**
 * @file Rows of a case source, from wherever it is kept, one after the other. What a row must look like is not its business.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { displayPath } from '../../base/display-path.ts'
import { isHoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { CaseInput, Role } from '../case.ts'
import { ROLES } from '../case.ts'
import type { CaseFile, CaseRows, CaseSource, FieldMapping, LocatedRow, SourceRow } from '../case-source.ts'
import { CaseInvalidError, CasesUnreadableError } from '../errors.ts'
import { readInline } from './read-inline.ts'
import { readJson } from './read-json.ts'
import { readJsonl } from './read-jsonl.ts'
import { formatOf } from './source-format.ts'

/** Whose rows are read and how. */
export interface SourceContext {
  readonly evalName: string
  readonly origin: string
  readonly fields: FieldMapping | undefined
  readonly encoding?: string | undefined
  readonly columns?: readonly string[] | undefined
}

/** A row, where it stands, and the role that its file gives it. */
export type SourcedRow = LocatedRow & { readonly role: Role | undefined }

/** @throws CasesUnreadableError, the errors of the formats, and of src/base/download-hub-files.ts */
export async function* readSource(source: CaseSource, context: SourceContext): AsyncGenerator<SourcedRow> {
  const each = context.fields?.each
  for (const [role, rows] of byRole(source)) {
    for (const part of isFileList(rows) ? rows : [rows]) {
      for await (const row of readPart(part, context)) {
        if (each === undefined) yield withRole(row, role)
        else for (const one of unrolled(row, each, context.evalName)) yield withRole(one, role)
      }
    }
  }
}

/** Written out: copying the members one by one costs each row more. */
function withRole(row: LocatedRow, role: Role | undefined): SourcedRow {
  const { at, whereOf } = row
  return 'failure' in row ? { failure: row.failure, at, whereOf, role } : { value: row.value, at, whereOf, role }
}

/** The row once for each item of the list in a column, with the item in the list's place. */
function unrolled(row: LocatedRow, column: string, evalName: string): readonly LocatedRow[] {
  if ('failure' in row) return [row]
  const value = row.value as SourceRow | null
  const list = typeof value === 'object' && value !== null && Object.hasOwn(value, column) ? value[column] : undefined
  if (Array.isArray(list)) return list.map((item: unknown) => ({ ...row, value: { ...value, [column]: item } }))
  const failure = new CaseInvalidError({
    evalName,
    where: row.whereOf(row.at),
    problems: [`each: the row has no list at ${quoteUntrusted(column)}`],
  })
  return [{ failure, at: row.at, whereOf: row.whereOf }]
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

async function* readPart(part: readonly CaseInput[] | CaseFile, context: SourceContext): AsyncGenerator<LocatedRow> {
  if (!isFile(part)) return yield* readInline(part, context)
  const path = await pathOf(part)
  try {
    yield* await readFormat(path, context)
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause
    throw new CasesUnreadableError({ evalName: context.evalName, where: displayPath(path) }, { cause })
  }
}

async function pathOf(file: CaseFile): Promise<string> {
  if ('href' in file) return fileURLToPath(file.href)
  const { downloadHubFiles } = await import('../../base/download-hub-files.ts')
  const repository = { type: 'dataset', name: file.dataset, revision: file.revision } as const
  return join(await downloadHubFiles(repository, (path) => path === file.file), file.file)
}

/** Parsers of tables are loaded for tables. */
async function readFormat(path: string, { evalName, fields, encoding, columns }: SourceContext): Promise<AsyncGenerator<LocatedRow>> {
  const mapped = fields !== undefined
  const reading = { evalName, encoding }
  if (statSync(path).isDirectory()) return (await import('./read-directory.ts')).readDirectory(path, reading)
  const format = formatOf(path, evalName)
  switch (format) {
    case 'jsonl':
      return readJsonl(path, reading)
    case 'json':
      return readJson(path, reading)
    case 'csv':
    case 'tsv':
      return (await import('./read-csv.ts')).readCsv(path, { ...reading, mapped, columns, tabs: format === 'tsv' })
    case 'parquet':
      return (await import('./read-parquet.ts')).readParquet(path, evalName, { columns: columnsOf(fields), mapped })
  }
}

/** The columns that a mapping reads; null when a function of it may read any. */
function columnsOf(fields: FieldMapping | undefined): readonly string[] | null {
  if (fields === undefined) return null
  const sources = Object.values(fields).flat()
  if (sources.some((source) => typeof source === 'function')) return null
  return [...new Set(sources.map((path) => (path as string).split('.')[0] as string))]
}
