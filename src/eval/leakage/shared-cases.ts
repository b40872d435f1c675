/**
 * @file Finds cases that would be trained on, or shown as examples, and judged by at once. Compares what a case alone asks, not how the row is written
 * and not the system prompt and examples that all cases of an eval share.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case, Role } from '../case.ts'
import { roleAt } from '../cases/case-list.ts'
import type { CaseTable } from '../cases/case-table.ts'
import { nameOfExample } from '../prompt/compose-messages.ts'
import type { WorkedExample } from '../prompt/compose-messages.ts'
import type { Message } from '../completion.ts'
import type { MessageSource } from '../eval.ts'
import { HashIndex } from '../cases/hash-index.ts'

/** Cases whose grades decide something that no training may know: what the gate sees, its twins, and learning curves. */
export const JUDGING: ReadonlySet<Role> = new Set(['curve', 'gate', 'twin'])

/** More pairs than anybody reads. */
const MOST_PAIRS = 1000

/** What of an eval is compared. */
export interface LoadedCases {
  readonly name: string
  readonly cases: readonly Case[]
  readonly messages: MessageSource
}

/** Compares the cases of one eval while their prompts are rendered, whatever comes first. */
export class SharedCases {
  readonly #table: CaseTable
  readonly #trained = new HashIndex()
  readonly #judged = new HashIndex()
  readonly #found: (readonly [trained: number, judged: number])[] = []

  constructor(table: CaseTable) {
    this.#table = table
  }

  /** `askedAt` is called for cases that were visited before. */
  visit(index: number, asked: readonly Message[], askedAt: (index: number) => readonly Message[]): void {
    const role = this.#table.roleAt(index)
    const isTrained = role === 'train'
    if (!isTrained && !JUDGING.has(role)) return
    const text = promptText(asked)
    const isSame = (other: number): boolean => promptText(askedAt(other)) === text
    const same = (isTrained ? this.#judged : this.#trained).find(text, isSame)
    if (same !== undefined && this.#found.length < MOST_PAIRS) this.#found.push(isTrained ? [index, same] : [same, index])
    ;(isTrained ? this.#trained : this.#judged).add(text, index)
  }

  /** Pairs of a training case and a judging case whose prompts are the same after Unicode (NFKC), case and white space are evened out. */
  pairs(): readonly string[] {
    return this.#found
      .toSorted((a, b) => a[1] - b[1])
      .map(([trained, judged]) => {
        const row = this.#table.at(judged)
        return `${quoteUntrusted(this.#table.at(trained).id)} (train) and ${quoteUntrusted(row.id)} (${row.role})`
      })
  }
}

/** Pairs of a worked example and a judging case that ask the same: the answer would stand in the prompt of every case. */
export function sharedExamples(loaded: LoadedCases, examples: readonly WorkedExample[]): readonly string[] {
  if (examples.length === 0) return []
  const shown = new Map(examples.map((example, index) => [questionText(example.turns.slice(0, -1)), nameOfExample(example, index)]))
  const pairs: string[] = []
  for (const { row, asked } of judgedPrompts(loaded)) {
    const example = shown.get(questionText(asked))
    if (example !== undefined && pairs.push(`${example} and ${quoteUntrusted(row.id)} (${row.role})`) >= MOST_PAIRS) break
  }
  return pairs
}

/** A training case and another one that ask the same, as names "eval/id" and as text. */
export interface SharedPair {
  readonly trained: string
  readonly judged: string
  readonly text: string
}

/** Pairs of a training case of `trained` and a case of `judged` in one of the roles that ask the same: two evals of one suite, or one eval. */
export function sharedPairs(trained: LoadedCases, judged: LoadedCases, roles: ReadonlySet<Role> = JUDGING): readonly SharedPair[] {
  const prompts = trainedPrompts(trained)
  const pairs: SharedPair[] = []
  for (const { row, asked } of judgedPrompts(judged, roles)) {
    const same = prompts.find(promptText(asked))
    if (same === undefined) continue
    const names = { trained: `${trained.name}/${same.id}`, judged: `${judged.name}/${row.id}` }
    const text = `${quoteUntrusted(names.trained)} (train) and ${quoteUntrusted(names.judged)} (${row.role})`
    if (pairs.push({ ...names, text }) >= MOST_PAIRS) break
  }
  return pairs
}

/** The texts of the pairs of a training case of `trained` and a judging case of `judged`. */
export function sharedBetween(trained: LoadedCases, judged: LoadedCases): readonly string[] {
  return sharedPairs(trained, judged).map(({ text }) => text)
}

/** What a case alone asks. */
export function askedOf({ messages }: LoadedCases, row: Case): readonly Message[] {
  return messages.asked?.(row.id) ?? messages.get(row.id) ?? []
}

/** Training prompts by their texts, without keeping the texts: a suite asks for the same eval's many times. */
function trainedPrompts(loaded: LoadedCases): { find(text: string): Case | undefined } {
  const known = TRAINED.get(loaded.cases)
  const index = known ?? new HashIndex()
  if (known === undefined) {
    for (let at = 0; at < loaded.cases.length; at++) {
      if (roleAt(loaded.cases, at) === 'train') index.add(promptText(askedOf(loaded, loaded.cases[at] as Case)), at)
    }
    TRAINED.set(loaded.cases, index)
  }
  return {
    find: (text) => {
      const found = index.find(text, (at) => promptText(askedOf(loaded, loaded.cases[at] as Case)) === text)
      return found === undefined ? undefined : loaded.cases[found]
    },
  }
}

const TRAINED = new WeakMap<readonly Case[], HashIndex>()

function* judgedPrompts(loaded: LoadedCases, roles = JUDGING): Generator<{ readonly row: Case; readonly asked: readonly Message[] }> {
  for (let at = 0; at < loaded.cases.length; at++) {
    if (!roles.has(roleAt(loaded.cases, at))) continue
    const row = loaded.cases[at] as Case
    yield { row, asked: askedOf(loaded, row) }
  }
}

/** What two prompts must have in common to count as the same question. */
export function promptText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `${role}\u0000${evenText(content)}`).join('\u0000')
}

/** The same without system messages: a worked example has none. */
function questionText(messages: readonly Message[]): string {
  return promptText(messages.filter(({ role }) => role !== 'system'))
}

/** Text as it is compared: Unicode NFKC, lower case, white space evened out. */
export function evenText(text: string): string {
  // Text of ASCII alone is what NFKC would make of it.
  // oxlint-disable-next-line no-control-regex
  const composed = /^[\u0000-\u007f]*$/.test(text) ? text : text.normalize('NFKC')
  return composed.toLowerCase().replace(/\s+/g, ' ').trim()
}
