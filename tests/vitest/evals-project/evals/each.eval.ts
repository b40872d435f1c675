/** @file A small eval with a test for each case. EVALS_PROJECT_EACH_MIN gives it a minPass. */
import { defineEval, graders } from 'holdfast'

const minPass = process.env['EVALS_PROJECT_EACH_MIN']

export default defineEval({
  name: 'each',
  cases: [
    { id: 'yes', role: 'dev', input: 'say yes', expected: 'yes' },
    { id: 'no', role: 'dev', input: 'mumble', expected: 'no' },
    { id: 'sealed', role: 'gate', input: 'say gate', expected: 'gate' },
  ],
  prompt: '{{input}}',
  graders: [graders.exactMatch()],
  perCase: true,
  ...(minPass === undefined ? {} : { minPass: Number(minPass) }),
})
