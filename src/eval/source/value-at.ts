/**
 * @file Reads a path with dots out of a row.
 */
import type { SourceRow } from '../case-source.ts'

/** The value at "meta.question": a column of that very name first. Own members only. */
export function valueAt(row: SourceRow, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path]
  let value: unknown = row
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as SourceRow)[key]
  }
  return value
}
