/**
 * @file What an eval's own test fails with: too few cases passed, or too few could be graded to say. It only puts an outcome into an error's data.
 */
import { EvalBelowMinPassError, EvalUngradedError } from '../errors.ts'
import { givenCases } from '../result-text.ts'
import type { EvalOutcome } from './evaluate-as-test.ts'

/** What there is to say of an eval that fails: its share, and the cases that were lost or fail for another reason. */
export function belowMinPass({ result, cases, lost, before }: EvalOutcome, file: string, minPass: number): EvalBelowMinPassError {
  const told = new Set(before === null ? [] : lost.map(({ caseId }) => caseId))
  const failed = cases.filter(({ state, caseId }) => state === 'failed' && !told.has(caseId))
  const { evalName, cases: count, passed, errors, passShare, interval } = result
  return new EvalBelowMinPassError({
    ...{ evalName, cases: count, passed, errors, passShare, interval, file, minPass, gradesFile: result.file },
    lost: before === null || lost.length === 0 ? null : { gradesFile: before.gradesFile, model: before.model, cases: givenCases(lost) },
    failed: givenCases(failed),
  })
}

/** How many cases could not be graded, and which. */
export function tooManyUngraded({ result, cases }: EvalOutcome, file: string, errorBudgetShare: number): EvalUngradedError {
  const ungraded = givenCases(cases.filter(({ state }) => state === 'ungraded'))
  return new EvalUngradedError({ evalName: result.evalName, file, cases: result.cases, errors: result.errors, errorBudgetShare, ungraded })
}
