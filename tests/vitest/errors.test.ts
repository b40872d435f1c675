import { expect, it } from 'vitest'
import type { CaseResult } from '../../src/vitest/evals/case-results.ts'
import {
  CaseFailedError,
  CaseUngradedError,
  MatcherUsageError,
  ModelModuleError,
  NamedRunError,
  SuiteNotAcceptedError,
} from '../../src/vitest/errors.ts'
import { belowMinPass, tooManyUngraded } from '../../src/vitest/evals/eval-failure.ts'
import { givenCase } from '../../src/vitest/result-text.ts'
import { outcomeOf, resultsOf } from './make-outcome.ts'

const file = 'evals/refill/refill.eval.ts'

it('SuiteNotAcceptedError says what the run found and where to read more', () => {
  const result = { directory: 'reports/demo', summary: 'BLOCKED: "refill" was blocked in every candidate arm' }
  expect(new SuiteNotAcceptedError(result).message).toMatchInlineSnapshot(`
    "SUITE_NOT_ACCEPTED  BLOCKED: "refill" was blocked in every candidate arm
      where  reports/demo
      fix    read reports/demo/report.html"
  `)
})

it('belowMinPass() says the share, which cases were lost since when, and which others fail, at most five of each', () => {
  const failing = Array.from({ length: 7 }, (_, index) => ({ id: `case-${index}`, pass: false, gave: `wrong\n\u001b[31m${index}` }))
  const outcome = outcomeOf([...failing, { id: 'good', pass: true }, { id: 'broken', pass: null }], ['case-6'])
  expect(belowMinPass(outcome, file, 0.8).message).toMatchInlineSnapshot(`
    "EVAL_BELOW_MIN_PASS  Eval "refill": 1 of 8 passed, 12.5 % (95 % interval 25.0 % to 75.0 %), 1 could not be graded, minPass is 80.0 %
      where  evals/refill/refill.eval.ts
             lost since reports/vitest/evals/refill-then.jsonl ("models/nano")
             lost    "case-6"  gave "wrong  [31m6"
             failed  "case-0"  gave "wrong  [31m0"
             failed  "case-1"  gave "wrong  [31m1"
             failed  "case-2"  gave "wrong  [31m2"
             failed  "case-3"  gave "wrong  [31m3"
             failed  "case-4"  gave "wrong  [31m4"
             failed  … and 1 more
      fix    look at the grades in reports/vitest/evals/refill-now.jsonl"
  `)
})

it('tooManyUngraded() says how many cases could not be graded, which and why', () => {
  const outcome = outcomeOf([
    { id: 'good', pass: true },
    { id: 'broken', pass: null, gave: 'x' },
  ])
  expect(tooManyUngraded(outcome, file, 0.02).message).toMatchInlineSnapshot(`
    "EVAL_UNGRADED  Eval "refill": 1 of 2 could not be graded, more than the 2.0 % that may be
      where  evals/refill/refill.eval.ts
             error   "broken"  gave "x"  GRADER_THREW: "grader \\"a\\" threw \\"b\\""
      fix    mend the graders or the model; a case that cannot be graded says nothing about the eval"
  `)
})

it('CaseFailedError and CaseUngradedError say what a case gave and what was expected', () => {
  const [failed, ungraded] = resultsOf({ id: 'a', pass: false, gave: 'no' }, { id: 'b', pass: null, gave: 'no' }) as [
    CaseResult,
    CaseResult,
  ]
  expect(new CaseFailedError({ evalName: 'refill', file, expected: 'yes', given: givenCase(failed) }).message).toMatchInlineSnapshot(`
    "CASE_FAILED  Eval "refill", case "a"  gave "no", expected "yes"
      where  evals/refill/refill.eval.ts
      fix    mend the prompt, the model or the case"
  `)
  expect(new CaseUngradedError({ evalName: 'refill', file, expected: 'yes', given: givenCase(ungraded) }).message).toMatchInlineSnapshot(`
    "CASE_UNGRADED  Eval "refill", case "b"  gave "no"  GRADER_THREW: "grader \\"a\\" threw \\"b\\"", expected "yes"
      where  evals/refill/refill.eval.ts
      fix    mend the grader or the model"
  `)
})

it('ModelModuleError says what a module must export', () => {
  expect(new ModelModuleError({ path: 'src/my-model.ts', problem: 'has no default export' }).message).toMatchInlineSnapshot(`
    "MODEL_MODULE_INVALID  The module named as a model has no default export
      where  src/my-model.ts
      fix    its default export is a Model, or a function that gives one: { identity, renderedHash, generate, close }"
  `)
})

it('NamedRunError says what HOLDFAST_RUN names and where it was looked for', () => {
  expect(new NamedRunError({ given: 'nightly', tried: ['nightly', 'reports/nightly'] }).message).toMatchInlineSnapshot(`
    "NAMED_RUN_UNUSABLE  HOLDFAST_RUN names "nightly", which is no finished run
      where  nightly, reports/nightly
      fix    name the directory of a run that has a run.json, or leave HOLDFAST_RUN out to use the latest"
  `)
})

it('MatcherUsageError says what a matcher takes', () => {
  expect(new MatcherUsageError({ matcher: 'toHold', problem: 'the sides are of two evals, "a" and "b"' }).message).toMatchInlineSnapshot(`
    "MATCHER_USAGE  toHold() cannot judge this: the sides are of two evals, "a" and "b"
      where  expect(…).toHold(…)
      fix    give it what evaluateEval() returns; or models, and the eval as \`on\`"
  `)
})
