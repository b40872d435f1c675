/**
 * @file Where the cases of an eval come from and how rows of another shape become cases, as users write it. Reading is src/eval/source.
 */
import type { HoldfastError } from '../base/errors.ts'
import type { JsonValue } from '../base/json.ts'
import type { CaseInput, Role } from './case.ts'

/**
 * A file of cases, told by its name: `.jsonl`, `.json`, `.csv`, `.tsv`, these also packed as `.gz`, `.parquet`, or a directory with one case per file. On
 * the hub, such a file of a dataset at a revision.
 */
export type CaseFile = URL | { readonly dataset: string; readonly revision: string; readonly file: string }

/** Rows written in the eval, a file, or several files that are read one after the other. */
export type CaseRows = readonly CaseInput[] | CaseFile | readonly CaseFile[]

/** Cases with their roles in the rows or shared out by a hash; or by role, where the file that a case stands in says its role. */
export type CaseSource = CaseRows | { readonly [role in Role]?: CaseRows }

/** One row of a file before it is a case. Values are as the file has them: text in CSV, anything in JSON and Parquet. */
export type SourceRow = Readonly<Record<string, unknown>>

/** A column's name, a path with dots ("meta.question"), or a function of the whole row. */
export type FieldSource = string | ((row: SourceRow) => unknown)

/**
 * Which columns of a row are which members of a case. With a mapping nothing else of the row is read. A list of columns makes `input` or `expected`
 * an object with those members. Numbers become text where a member is text; `tags` may be text with commas; `thumb` may be true, 1, "up", "positive".
 */
export type FieldMapping = {
  readonly [member in 'input' | 'expected']?: FieldSource | readonly string[]
} & {
  readonly [member in 'id' | 'role' | 'tags' | 'cluster' | 'twinOf' | 'chosen' | 'rejected' | 'thumb' | 'turns']?: FieldSource
} & {
  /** A conversation, as `messages` of OpenAI or `from` and `value`: its last turn is expected, what stands before it is input and turns. */
  readonly messages?: FieldSource
  /** A column that holds a list: the row is read once for each item, which then stands in the list's place. */
  readonly each?: string
}

/** How cases without a role are shared out, by a hash of their cluster or id; the shares add up to 1. Default 0.5, 0.1, 0.4. */
export interface RoleShares {
  readonly train?: number | undefined
  readonly dev?: number | undefined
  readonly gate?: number | undefined
}

/**
 * What happens to a row that repeats an earlier one. `drop` leaves copies out; `number` keeps them under ids of their own ("q-7#2"). With either, rows
 * that ask the same form one cluster and have one role. What happened is counted and said.
 */
export type OnDuplicate = 'refuse' | 'drop' | 'number'

/** What happens to a row that is no case. `skip` leaves it out; how many were left out, and why, is said. */
export type OnBadRow = 'refuse' | 'skip'

/** One row and where it stands. `whereOf` is shared by the rows of a file: a million rows need no million texts. */
export interface LocatedValue {
  readonly value: unknown
  /** Line, row or case number, counted from 1; 0 for the whole file. */
  readonly at: number
  readonly whereOf: (at: number) => string
}

/** A row that could not be read, and why. */
export interface LocatedFailure extends Omit<LocatedValue, 'value'> {
  readonly failure: HoldfastError
}

/** What a reader gives for each row of a file. */
export type LocatedRow = LocatedValue | LocatedFailure

/** JSON of values that Parquet and CSV readers give: whole numbers as numbers where they fit, dates as ISO text. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (value === undefined || value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map((item) => plainValue(item) ?? null)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plainValue(item)]])),
  ) as Readonly<Record<string, JsonValue>>
}
