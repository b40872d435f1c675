/**
 * @file The demonstration that every eval has: the answer in the form the graders ask for.
 */
import type { Case } from './case.ts'

/** What people chose, else the expected answer: text as it is, anything else as compact JSON in the order of the row. */
export function inFormatDemonstration(row: Case): string {
  if (row.chosen !== undefined) return row.chosen
  return typeof row.expected === 'string' ? row.expected : JSON.stringify(row.expected)
}
