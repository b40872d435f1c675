/** @file An eval whose cases lie beside it. EVALS_PROJECT_BREAK breaks its grader. */
import { defineEval, graders } from 'holdfast'

const broken = graders.custom('broken', () => {
  throw new Error('on purpose')
})

export default defineEval({
  name: 'opening',
  cases: new URL('./opening.jsonl', import.meta.url),
  prompt: '{{input}}',
  graders: [process.env['EVALS_PROJECT_BREAK'] === '1' ? broken : graders.exactMatch()],
  minPass: 0.75,
})
