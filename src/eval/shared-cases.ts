/**
 * @file Finds cases that would be trained on and judged by at once. Compares what the model is asked, not how the row is written.
 */
import { sha256 } from '../base/hash.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case, Role } from './case.ts'
import type { Message } from './completion.ts'

const JUDGING: ReadonlySet<Role> = new Set(['curve', 'gate', 'twin'])

/** Pairs of a training case and a judging case whose prompts are the same after Unicode (NFKC), case and white space are evened out. */
export function sharedCases(cases: readonly Case[], messages: ReadonlyMap<string, readonly Message[]>): readonly string[] {
  const trained = new Map<string, Case>()
  const keyOf = (row: Case): string => promptKey(messages.get(row.id) ?? [])
  for (const row of cases) if (row.role === 'train') trained.set(keyOf(row), row)
  const pairs: string[] = []
  for (const row of cases) {
    if (!JUDGING.has(row.role)) continue
    const twin = trained.get(keyOf(row))
    if (twin !== undefined) pairs.push(`${quoteUntrusted(twin.id)} (train) and ${quoteUntrusted(row.id)} (${row.role})`)
  }
  return pairs
}

/** Pairs of a training case of `trained` and a judging case of `judged` that ask the same: two evals of one suite. */
export function sharedBetween(trained: LoadedCases, judged: LoadedCases): readonly string[] {
  const keys = new Map(
    trained.cases.filter(({ role }) => role === 'train').map((row) => [promptKey(trained.messages.get(row.id) ?? []), row]),
  )
  return judged.cases.flatMap((row) => {
    const same = JUDGING.has(row.role) ? keys.get(promptKey(judged.messages.get(row.id) ?? [])) : undefined
    if (same === undefined) return []
    const [one, other] = [`${trained.name}/${same.id}`, `${judged.name}/${row.id}`].map((id) => quoteUntrusted(id))
    return [`${one} (train) and ${other} (${row.role})`]
  })
}

/** What of an eval is compared. */
export interface LoadedCases {
  readonly name: string
  readonly cases: readonly Case[]
  readonly messages: ReadonlyMap<string, readonly Message[]>
}

/** What two prompts must have in common to count as the same question. */
export function promptKey(messages: readonly Message[]): string {
  const text = messages.map(({ role, content }) => `${role}\u0000${content.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()}`)
  return sha256(text.join('\u0000'))
}
