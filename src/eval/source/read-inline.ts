/**
 * @file Rows that are written in the eval itself. Big integers become their digits as text; a number that JavaScript has already rounded is refused,
 * because nobody can say any more which one was written.
 */
import type { CaseInput } from '../case.ts'
import type { LocatedRow } from '../case-source.ts'
import { CaseInvalidError } from '../errors.ts'
import { DEEPEST, roundedNumber, roundedProblem } from './rounded-number.ts'

export function* readInline(
  rows: readonly CaseInput[],
  { evalName, origin }: { readonly evalName: string; readonly origin: string },
): Generator<LocatedRow> {
  const whereOf = (at: number): string => `${origin} (case ${at})`
  for (const [index, value] of rows.entries()) {
    const at = index + 1
    const rounded = roundedNumber(value)
    if (rounded === null) yield { value: copied(value), at, whereOf }
    else
      yield { failure: new CaseInvalidError({ evalName, where: whereOf(at), problems: [roundedProblem(rounded)], fix: FIX }), at, whereOf }
  }
}

const FIX =
  "write such numbers as text ('12345678901234567') or as big integers (12345678901234567n), or keep the rows in a file, which is read exactly"

/**
 * A copy, so that nothing that a grader does to a case changes the eval's file; big integers are text in it, and members of the row that are undefined are left out.
 * Only lists and plain objects are copied: what else there is, the case's schema refuses.
 */
function copied(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => copied(item, depth + 1))
  const above: unknown = Object.getPrototypeOf(value)
  // Of any realm: the prototype of plain objects is the one that has none above it.
  if (above !== null && Object.getPrototypeOf(above) !== null) return value
  const members = Object.entries(value).filter(([, member]) => depth > 0 || member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key, copied(member, depth + 1)]))
}
