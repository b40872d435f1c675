/**
 * @file What a skill of the synthetic corpus is, and the small pieces that all skills use. Knows no skill by name.
 */
import type { JsonValue } from '../../../src/base/json.ts'
import type { SeededRandom } from '../../../src/base/seeded-random.ts'

/** One question with its answer. Drafts with equal `cluster` share a template and an entity. */
export interface Draft {
  readonly prompt: string
  readonly answer: string
  readonly cluster: string
}

/** A family of small questions. `form` says what the answer is: JSON, or a few plain words. */
export interface Skill {
  readonly name: string
  readonly form: 'text' | 'json'
  draw(random: SeededRandom): Draft
}

/** The JSON layout that the model writes: one line, a space after every colon and comma. */
export function jsonLine(value: Readonly<Record<string, JsonValue>>): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`)
  return `{${members.join(', ')}}`
}

/** `count` different items in random order. */
export function pickSome<T>(random: SeededRandom, items: readonly T[], count: number): T[] {
  return random.shuffle(items).slice(0, count)
}

/** Integer in [low, high], both included. */
export function between(random: SeededRandom, low: number, high: number): number {
  return low + random.integer(high - low + 1)
}

/** Puts values into a template with {named} places. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
