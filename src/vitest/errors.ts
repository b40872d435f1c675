/**
 * @file Failures that only evals and suites under vitest have. They are what a test fails with, so they say which cases and which run.
 */
import { join } from 'node:path'
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { REPORT_FILES, RUN_FILE } from '../ledger/run-layout.ts'
import { caseLine, caseLines, percent, shareText, type EvalShare, type GivenCase, type GivenCases } from './result-text.ts'

/** Cases that passed before, with the grades and the model that say so. */
interface LostCases {
  readonly gradesFile: string
  readonly model: string
  readonly cases: GivenCases
}

/** A suite ran and no candidate arm accepted every feature: what the command line ends 1 or 2 for. */
export class SuiteNotAcceptedError extends defineError(
  'SUITE_NOT_ACCEPTED',
  ({ directory, summary }: { directory: string; summary: string }) => ({
    summary,
    where: displayPath(directory),
    fix: `read ${displayPath(join(directory, REPORT_FILES.html))}`,
  }),
) {}

/** A recorded run is of a suite that has changed since. */
export class SuiteRunOutdatedError extends defineError(
  'SUITE_RUN_OUTDATED',
  (data: { suite: string; directory: string; changes: readonly string[]; command: string }) => ({
    summary: `The run no longer fits suite "${data.suite}": ${data.changes.join('; ')}`,
    where: displayPath(data.directory),
    fix: `run it again: ${data.command}`,
  }),
) {}

/** HOLDFAST_RUN names no finished run. */
export class NamedRunError extends defineError('NAMED_RUN_UNUSABLE', ({ given, tried }: { given: string; tried: readonly string[] }) => ({
  summary: `HOLDFAST_RUN names ${quoteUntrusted(given, 120)}, which is no finished run`,
  where: tried.map(displayPath).join(', '),
  fix: `name the directory of a run that has a ${RUN_FILE}, or leave HOLDFAST_RUN out to use the latest`,
})) {}

/** Fewer cases passed than the eval asks for. */
export class EvalBelowMinPassError extends defineError(
  'EVAL_BELOW_MIN_PASS',
  (data: EvalShare & { file: string; minPass: number; gradesFile: string; lost: LostCases | null; failed: GivenCases }) => ({
    summary: `Eval "${data.evalName}": ${shareText(data)}, minPass is ${percent(data.minPass)}`,
    where: whereLines(data.file, [...lostLines(data.lost), ...caseLines('failed', data.failed)]),
    fix: `look at the grades in ${displayPath(data.gradesFile)}`,
  }),
) {}

/** Too many cases could not be graded for any share to mean something. */
export class EvalUngradedError extends defineError(
  'EVAL_UNGRADED',
  (data: { evalName: string; file: string; cases: number; errors: number; errorBudgetShare: number; ungraded: GivenCases }) => ({
    summary: `Eval "${data.evalName}": ${data.errors} of ${data.cases} could not be graded, more than the ${percent(data.errorBudgetShare)} that may be`,
    where: whereLines(data.file, caseLines('error ', data.ungraded)),
    fix: 'mend the graders or the model; a case that cannot be graded says nothing about the eval',
  }),
) {}

/** One case of an eval, what was expected of it, and what it gave. */
interface CaseFinding {
  readonly evalName: string
  readonly file: string
  readonly expected: string
  readonly given: GivenCase
}

/** One case of an eval did not pass. */
export class CaseFailedError extends defineError('CASE_FAILED', (data: CaseFinding) => ({
  summary: caseSummary(data),
  where: displayPath(data.file),
  fix: 'mend the prompt, the model or the case',
})) {}

/** One case of an eval could not be graded. */
export class CaseUngradedError extends defineError('CASE_UNGRADED', (data: CaseFinding) => ({
  summary: caseSummary(data),
  where: displayPath(data.file),
  fix: 'mend the grader or the model',
})) {}

/** A module that was named as a model exports none. */
export class ModelModuleError extends defineError('MODEL_MODULE_INVALID', ({ path, problem }: { path: string; problem: string }) => ({
  summary: `The module named as a model ${problem}`,
  where: displayPath(path),
  fix: 'its default export is a Model, or a function that gives one: { identity, renderedHash, generate, close }',
})) {}

/** A matcher was given something that it cannot judge. */
export class MatcherUsageError extends defineError('MATCHER_USAGE', ({ matcher, problem }: { matcher: string; problem: string }) => ({
  summary: `${matcher}() cannot judge this: ${problem}`,
  where: `expect(…).${matcher}(…)`,
  fix: 'give it what evaluateEval() returns; or models, and the eval as `on`',
})) {}

function caseSummary({ evalName, given, expected }: CaseFinding): string {
  return `Eval "${evalName}", case ${caseLine(given)}, expected ${quoteUntrusted(expected, 100)}`
}

function lostLines(lost: LostCases | null): readonly string[] {
  if (lost === null) return []
  return [`lost since ${displayPath(lost.gradesFile)} (${quoteUntrusted(lost.model)})`, ...caseLines('lost  ', lost.cases)]
}

function whereLines(file: string, lines: readonly string[]): string {
  return [displayPath(file), ...lines].join('\n         ')
}
