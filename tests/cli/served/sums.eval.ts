/* oxlint-disable import/no-default-export -- an eval file */
/**
 * @file An eval of 300 dev, 300 gate and 300 training cases that a server answers.
 */
import { defineEval } from '../../../src/eval/define-eval.ts'
import { graders } from '../../../src/grader/graders.ts'

const ROLES = ['dev', 'gate', 'train'] as const

export default defineEval({
  name: 'sums',
  cases: Array.from({ length: 900 }, (_, n) => ({ id: `s${n}`, input: n, expected: String(n + 1), role: ROLES[n % 3] as 'dev' })),
  prompt: 'One more than {{input}} is',
  graders: [graders.exactMatch()],
  auditGraders: [],
})
