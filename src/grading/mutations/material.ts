/**
 * @file What answers are made from to try a grader: a case, what it was asked, the answers that are known to be right, and those of other cases.
 */
import type { JsonValue } from '../../base/json.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { SeededRandom } from '../../base/seeded-random.ts'
import { seededRandom } from '../../base/seeded-random.ts'
import type { Case } from '../../eval/case.ts'
import { inFormatDemonstration } from '../../eval/demonstration.ts'
import type { Grader } from '../../eval/grader.ts'
import type { Eval } from '../../eval/eval.ts'
import { normaliseText } from '../../grader/answer-text.ts'
import { sameJson } from '../../grader/json/compare-field.ts'
import { decimalsEqual, parseDecimal } from '../../grader/exact/decimal.ts'

/** Everything about one case that an answer can be made from. */
export interface Material {
  readonly row: Case
  /** The last thing that the model was asked. */
  readonly prompt: string
  readonly inputText: string
  /** A right answer in the form that the eval asks for; null where none is known. */
  readonly gold: string | null
  /** All answers that are known to be right, with how it is known. */
  readonly right: readonly RightAnswer[]
  /** Right answers of other cases that are wrong here. */
  readonly others: readonly string[]
  /** The few answers that the whole eval has; empty when it has many. */
  readonly labels: readonly string[]
  readonly random: SeededRandom
}

/** An answer that is known to be right. */
export interface RightAnswer {
  readonly name: string
  readonly text: string
}

const OTHERS_LOOKED_AT = 200
const LABELS_AT_MOST = 8

/** The material of some cases of an eval. The same seed gives the same answers. */
export function makeMaterial(definition: Eval, cases: readonly Case[], seed: number): readonly Material[] {
  const sample =
    definition.cases.length > OTHERS_LOOKED_AT
      ? Array.from({ length: OTHERS_LOOKED_AT }, (_, at) => definition.cases[at] as Case)
      : definition.cases
  const golds = [...new Set(sample.flatMap((row) => rightAnswers(definition, row)[0]?.text ?? []))]
  const labels = golds.length <= LABELS_AT_MOST && sample.length >= golds.length * 3 ? golds : []
  return cases.map((row) => {
    const right = rightAnswers(definition, row)
    const prompt = definition.messages.get(row.id)?.findLast(({ role }) => role === 'user')?.content ?? ''
    const others = golds.filter((text) => !isRight(text, right))
    const random = seededRandom(seed, 'mutations', definition.name, row.id)
    return { row, prompt, inputText: textOf(row.input), gold: right[0]?.text ?? null, right, others, labels, random }
  })
}

/** Whether a text is one of the right answers, or says the same in other letters, another number or another order of keys. */
export function isRight(text: string, right: readonly RightAnswer[]): boolean {
  return right.some((answer) => sameAnswer(text, answer.text))
}

/** JSON of an answer that is an object; null when it is none. */
export function jsonObjectOf(text: string): Readonly<Record<string, JsonValue>> | null {
  try {
    const value = parseExactJson(text) as JsonValue
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, JsonValue>>) : null
  } catch {
    return null
  }
}

/** What people chose, and what the eval's demonstrations would teach. */
export function rightAnswers(definition: Eval, row: Case): readonly RightAnswer[] {
  const chosen = row.chosen === undefined ? [] : [{ name: 'chosen', text: row.chosen }]
  const isDescribed = definition.graders.every((grader) => describes(grader, row))
  const styles = Object.entries(definition.demonstrations).filter(
    ([, show]) => row.chosen !== undefined || !isDescribed || show !== inFormatDemonstration,
  )
  const shown = styles.map(([style, show]) => ({ name: `demonstration "${style}"`, text: show(row) }))
  const all = [
    ...shown.filter(({ name }) => name.includes('in-format')),
    ...chosen,
    ...shown.filter(({ name }) => !name.includes('in-format')),
  ]
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index)
}

/** Whether a case's expected value is no answer to this grader; a combination is one where all its parts are. */
function describes(grader: Grader & { readonly parts?: unknown }, row: Case): boolean {
  const parts = typeof grader.parts === 'object' && grader.parts !== null ? (Object.values(grader.parts) as Grader[]) : []
  if (parts.length > 0) return parts.every((part) => describes(part, row))
  return grader.traits?.expectsAnswer?.(row.expected) === false
}

function sameAnswer(a: string, b: string): boolean {
  if (normaliseText(a) === normaliseText(b)) return true
  const [x, y] = [parseDecimal(a), parseDecimal(b)]
  if (x !== null && y !== null) return decimalsEqual(x, y)
  const [left, right] = [jsonObjectOf(a), jsonObjectOf(b)]
  return left !== null && right !== null && sameJson(left, right)
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
