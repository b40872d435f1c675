/** @file One line of a cases.jsonl of the example app, members in the order in which a person reads them. */
import type { JsonValue } from '../../src/base/json.ts'

export type RowRole = 'train' | 'dev' | 'gate' | 'twin'

export interface Row {
  readonly id: string
  readonly role: RowRole
  readonly input: JsonValue
  readonly expected: JsonValue
  readonly tags: readonly string[]
  readonly cluster: string
  readonly twinOf?: string
}

/** "refill-gate-0007". */
export function rowId(name: string, role: RowRole, index: number): string {
  return `${name}-${role}-${String(index + 1).padStart(4, '0')}`
}
