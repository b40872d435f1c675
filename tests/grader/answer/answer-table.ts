/**
 * @file Reads the conformance table tests/corpus/answers.jsonl: groups of answers that are the same, beside answers that are not.
 */
import { readFileSync } from 'node:fs'
import type { AnswerOptions } from '../../../src/grader/answer/compare-answers.ts'

/** One line of the table. Every two of `same` are equal, and none of `other` equals one of `same`; `other` says nothing about itself. */
export interface AnswerGroup {
  readonly name: string
  readonly same: readonly string[]
  readonly other: readonly string[]
  readonly options?: AnswerOptions
}

/** One case: an answer, a gold answer, and whether they are equal. */
export interface AnswerCase {
  readonly group: string
  readonly answer: string
  readonly gold: string
  readonly equal: boolean
  readonly options: AnswerOptions
}

export const ANSWER_GROUPS: readonly AnswerGroup[] = readFileSync(new URL('../../corpus/answers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as AnswerGroup)

/** Every ordered pair of a group. Where only the gold answer is read leniently, it is the member of `same`. */
export function casesOf({ name, same, other, options = {} }: AnswerGroup): readonly AnswerCase[] {
  const symmetric = options.profile !== 'reward' && options.evaluate !== false
  return same.flatMap((gold) => [
    ...same.map((answer) => ({ group: name, answer, gold, equal: true, options })),
    ...other.map((answer) => ({ group: name, answer, gold, equal: false, options })),
    ...(symmetric ? other.map((answer) => ({ group: name, answer: gold, gold: answer, equal: false, options })) : []),
  ])
}
