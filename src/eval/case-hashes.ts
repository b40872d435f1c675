/**
 * @file Content hashes of cases and prompts, 16 hexadecimal characters each: grades are only paired where they agree.
 */
import { createHash } from 'node:crypto'
import { hashJson } from '../base/hash.ts'
import { canonicalJson } from '../base/json.ts'
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

/** Hash of a set of cases by ids and contents; the order of the cases does not matter. `hashes` are the cases' own, where they are known. */
export function setHash(cases: readonly Case[], hashes?: readonly string[]): string {
  return hashJsonList(cases.map((row, index) => `${row.id} ${hashes?.[index] ?? caseHash(row)}`).toSorted())
}

/** `hashJson` of a list, given piece by piece: the text of a million cases is never put together, and the items need not all be in memory. */
export function hashJsonList(items: Iterable<unknown>): string {
  const digest = createHash('sha256')
  let text = '['
  let separator = ''
  for (const item of items) {
    text += `${separator}${canonicalJson(item) ?? 'null'}`
    separator = ','
    if (text.length < TEXT_AT_ONCE) continue
    digest.update(text)
    text = ''
  }
  return digest.update(`${text}]`).digest('hex').slice(0, 16)
}

const TEXT_AT_ONCE = 1 << 16
