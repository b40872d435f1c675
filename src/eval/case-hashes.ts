/**
 * @file Content hashes of cases and prompts, 16 hexadecimal characters each: grades are only paired where they agree.
 */
import { hashJson } from '../base/hash.ts'
import type { Case } from './case.ts'
import type { Message } from './completion.ts'

/** Hash of what a case asks and wants: input, expected, twinOf, and its turns where it has any. */
export function caseHash(row: Case): string {
  const asked = [row.input, row.expected, row.twinOf ?? null]
  return hashJson(row.turns === undefined ? asked : [...asked, row.turns])
}

/** Hash of the expected answer. */
export function goldHash(row: Case): string {
  return hashJson(row.expected)
}

/** Hash of messages before any chat template. */
export function messagesHash(messages: readonly Message[]): string {
  return hashJson(
    messages.map(({ role, content, ...calls }) => (Object.keys(calls).length === 0 ? [role, content] : [role, content, calls])),
  )
}

/** Hash of a set of cases by ids and contents; the order of the cases does not matter. */
export function setHash(cases: readonly Case[]): string {
  return hashJson(cases.map((row) => `${row.id} ${caseHash(row)}`).toSorted())
}
