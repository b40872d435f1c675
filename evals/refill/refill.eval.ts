/** @file Feature 1 of the clinic's chatbot: a patient asks for more of a drug; the desk's software wants patient, drug and dose in mg. */
import { defineEval, graders } from 'holdfast'
import { houseStyle, inFormat } from '../answer-styles.ts'

export default defineEval({
  name: 'refill',
  description: 'Refill request to JSON: patient, drug, dose in mg.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: 'Refill to JSON: {{input.message}}',
  graders: [graders.jsonMatch({ fields: { patient: 'text', drug: 'text', dose: 'number' } })],
  sampling: { maxNewTokens: 40 },
  // Measured between accepted rounds of this app: at most 1 in 100.
  expectedFlips: 0.03,
  demonstrations: { 'in-format': inFormat, house: houseStyle },
})
