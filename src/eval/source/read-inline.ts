/**
 * @file Rows that are written in the eval itself. Big integers become their digits as text; a number that JavaScript has already rounded is refused,
 * because nobody can say any more which one was written.
 */
import type { CaseInput } from '../case.ts'
import type { PlacedRow } from '../case-source.ts'
import { CaseInvalidError } from '../errors.ts'
import { DEEPEST, roundedNumber, roundedProblem } from './rounded-number.ts'

export function* readInline(
  rows: readonly CaseInput[],
  { evalName, origin }: { readonly evalName: string; readonly origin: string },
): Generator<PlacedRow> {
  const placeOf = (at: number): string => `${origin} (case ${at})`
  for (const [index, value] of rows.entries()) {
    const at = index + 1
    const rounded = roundedNumber(value)
    if (rounded === null) yield { value: withoutBigInts(value), at, placeOf }
    else
      yield { failure: new CaseInvalidError({ evalName, where: placeOf(at), problems: [roundedProblem(rounded)], fix: FIX }), at, placeOf }
  }
}

const FIX =
  "write such numbers as text ('12345678901234567') or as big integers (12345678901234567n), or keep the rows in a file, which is read exactly"

/** The same value where there is no big integer. Only plain objects are looked into: what else there is, the case's schema refuses. */
function withoutBigInts(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  const entries = Object.entries(value)
  const changed = entries.map(([key, member]) => [key, withoutBigInts(member, depth + 1)] as const)
  if (changed.every(([, member], index) => member === entries[index]?.[1])) return value
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed)
}
