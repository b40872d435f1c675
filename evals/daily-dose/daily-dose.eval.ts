/** @file Feature 3 of the clinic's chatbot: a patient says how a drug is taken; the check for overdoses wants the drug and its total per day in mg. */
import { defineEval, graders } from 'holdfast'
import { houseStyle, inFormat } from '../answer-styles.ts'

export default defineEval({
  name: 'daily-dose',
  description: 'Daily dose to JSON: drug, total per day in mg.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: 'Daily dose to JSON: {{input.message}}',
  graders: [graders.jsonMatch({ fields: { drug: 'text', total: 'number' } })],
  sampling: { maxNewTokens: 40 },
  // Measured between accepted rounds of this app: at most 1 in 100.
  expectedFlips: 0.03,
  demonstrations: { 'in-format': inFormat, house: houseStyle },
})
