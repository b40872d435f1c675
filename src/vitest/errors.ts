/**
 * @file Failures that only evals and suites under vitest have. They are what a test fails with, so they say which cases and which run.
 */
import { join } from 'node:path'
import { displayPath } from '../base/display-path.ts'
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { REPORT_FILES, RUN_FILE } from '../ledger/run-layout.ts'
import type { CaseResult } from './evals/case-results.ts'
import type { EvalOutcome } from './evals/evaluate-as-test.ts'
import { caseLine, caseLines, percent, shareText } from './result-text.ts'
import type { SuiteResult } from './suites/suite-run.ts'

/** A suite ran and no candidate arm accepted every feature: what the command line ends 1 or 2 for. */
export class SuiteNotAcceptedError extends HoldfastError {
  constructor(result: Pick<SuiteResult, 'directory' | 'summary'>) {
    super({
      code: 'SUITE_NOT_ACCEPTED',
      summary: result.summary,
      where: displayPath(result.directory),
      fix: `read ${displayPath(join(result.directory, REPORT_FILES.html))}`,
    })
  }
}

/** A recorded run is of a suite that has changed since. */
export class SuiteRunOutdatedError extends HoldfastError {
  constructor(data: { suite: string; directory: string; changes: readonly string[]; command: string }) {
    super({
      code: 'SUITE_RUN_OUTDATED',
      summary: `The run no longer fits suite "${data.suite}": ${data.changes.join('; ')}`,
      where: displayPath(data.directory),
      fix: `run it again: ${data.command}`,
    })
  }
}

/** HOLDFAST_RUN names no finished run. */
export class NamedRunError extends HoldfastError {
  constructor(given: string, tried: readonly string[]) {
    super({
      code: 'NAMED_RUN_UNUSABLE',
      summary: `HOLDFAST_RUN names ${quoteUntrusted(given, 120)}, which is no finished run`,
      where: tried.map(displayPath).join(', '),
      fix: `name the directory of a run that has a ${RUN_FILE}, or leave HOLDFAST_RUN out to use the latest`,
    })
  }
}

/** Fewer cases passed than the eval asks for. */
export class EvalBelowMinPassError extends HoldfastError {
  constructor(outcome: EvalOutcome, data: { readonly file: string; readonly minPass: number }) {
    const { result } = outcome
    super({
      code: 'EVAL_BELOW_MIN_PASS',
      summary: `Eval "${result.evalName}": ${shareText(result)}, minPass is ${percent(data.minPass)}`,
      where: whereLines(data.file, [...lostLines(outcome), ...failedLines(outcome)]),
      fix: `look at the grades in ${displayPath(result.file)}`,
    })
  }
}

/** Too many cases could not be graded for any share to mean something. */
export class EvalUngradedError extends HoldfastError {
  constructor(outcome: EvalOutcome, data: { readonly file: string; readonly errorBudgetShare: number }) {
    const { result, cases } = outcome
    const ungraded = cases.filter(({ state }) => state === 'ungraded')
    super({
      code: 'EVAL_UNGRADED',
      summary: `Eval "${result.evalName}": ${result.errors} of ${result.cases} could not be graded, more than the ${percent(data.errorBudgetShare)} that may be`,
      where: whereLines(data.file, caseLines('error ', ungraded)),
      fix: 'mend the graders or the model; a case that cannot be graded says nothing about the eval',
    })
  }
}

/** One case of an eval did not pass. */
export class CaseNotPassedError extends HoldfastError {
  constructor(evalName: string, one: CaseResult, data: { readonly file: string; readonly expected: string }) {
    super({
      code: one.state === 'ungraded' ? 'CASE_UNGRADED' : 'CASE_FAILED',
      summary: `Eval "${evalName}", case ${caseLine(one)}, expected ${quoteUntrusted(data.expected, 100)}`,
      where: displayPath(data.file),
      fix: one.state === 'ungraded' ? 'mend the grader or the model' : 'mend the prompt, the model or the case',
    })
  }
}

/** A module that was named as a model exports none. */
export class ModelModuleError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'MODEL_MODULE_INVALID',
      summary: `The module named as a model ${problem}`,
      where: displayPath(path),
      fix: 'its default export is a Model, or a function that gives one: { identity, renderedHash, generate, close }',
    })
  }
}

/** A matcher was given something that it cannot judge. */
export class MatcherUsageError extends HoldfastError {
  constructor(matcher: string, problem: string) {
    super({
      code: 'MATCHER_USAGE',
      summary: `${matcher}() cannot judge this: ${problem}`,
      where: `expect(…).${matcher}(…)`,
      fix: 'give it what evaluateEval() returns; or models, and the eval as `on`',
    })
  }
}

function lostLines({ lost, before }: EvalOutcome): readonly string[] {
  if (before === null || lost.length === 0) return []
  const since = `lost since ${displayPath(before.gradesFile)} (${quoteUntrusted(before.model)})`
  return [since, ...caseLines('lost  ', lost)]
}

/** Failures that are not told as lost already. */
function failedLines({ cases, lost }: EvalOutcome): readonly string[] {
  const told = new Set(lost.map(({ caseId }) => caseId))
  return caseLines(
    'failed',
    cases.filter(({ state, caseId }) => state === 'failed' && !told.has(caseId)),
  )
}

function whereLines(file: string, lines: readonly string[]): string {
  return [displayPath(file), ...lines].join('\n         ')
}
