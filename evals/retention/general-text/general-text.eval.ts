/** @file Retention: the base model's general skills that answer in plain words or numbers (copying, arithmetic, dates, labels, …). Skills are tags. */
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: 'general-text',
  description: 'General skills that answer in a few words or a number.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: '{{input}}',
  graders: [graders.exactMatch()],
  sampling: { maxNewTokens: 24 },
  // Measured between accepted rounds of this app: at most 1 in 100.
  expectedFlips: 0.03,
})
