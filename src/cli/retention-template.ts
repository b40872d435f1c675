/**
 * @file The text of a first retention eval: general skills that no tuning round may lose. Small questions with one right answer each; the user adds
 * what their app relies on.
 */
import type { EvalTemplate } from './eval-template.ts'

/** The name of the eval, which is also its folder's. */
export const RETENTION_NAME = 'general-skills'

const SOURCE = `/** @file General skills that no tuning round may lose: what the app's users take for granted, whatever feature was tuned last. */
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: '${RETENTION_NAME}',
  description: 'Answers small questions that the base model can answer today.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: '{{input}} Answer with the answer alone.',
  graders: [graders.exactMatch({ ignoreCase: true })],
})
`

const QUESTIONS: readonly (readonly [role: 'dev' | 'gate', input: string, expected: string])[] = [
  ['dev', 'What is 7 + 5?', '12'],
  ['dev', 'Which day follows Monday?', 'Tuesday'],
  ['gate', 'What is 9 - 4?', '5'],
  ['gate', 'What is the opposite of hot?', 'cold'],
  ['gate', 'How many days has a week?', '7'],
  ['gate', 'Which month follows June?', 'July'],
]

/** The eval's two files. */
export function retentionTemplate(): EvalTemplate {
  const rows = QUESTIONS.map(([role, input, expected], index) => ({ id: `${RETENTION_NAME}-${index + 1}`, role, input, expected }))
  return { variable: 'generalSkills', source: SOURCE, cases: `${rows.map((row) => JSON.stringify(row)).join('\n')}\n` }
}
