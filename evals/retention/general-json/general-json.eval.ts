/** @file Retention: the base model's general skills that answer in JSON (shop orders, trips, parcels, …). Skills are tags. No clinic in it. */
import { defineEval, graders } from 'holdfast'
import { inFormat } from '../../answer-styles.ts'

export default defineEval({
  name: 'general-json',
  description: 'General skills that answer in JSON.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: '{{input}}',
  graders: [graders.jsonMatch()],
  sampling: { maxNewTokens: 48 },
  // Measured between accepted rounds of this app: at most 1 in 100.
  expectedFlips: 0.03,
  demonstrations: { 'in-format': inFormat },
})
