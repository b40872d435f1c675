/* oxlint-disable vitest/no-disabled-tests, vitest/no-conditional-tests, vitest/valid-title, vitest/expect-expect -- these tests are made from data */
/**
 * @file Turns an eval into vitest tests. However many cases there are, they are graded together and once.
 */
import { describe, it } from 'vitest'
import type { TestContext } from 'vitest'
import type { HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { EvalDefinition } from '../../eval/eval.ts'
import type { TestedCase } from './eval-tests.ts'
import { CaseFailedError, CaseUngradedError } from '../errors.ts'
import { belowMinPass, tooManyUngraded } from './eval-failure.ts'
import type { EvalOutcome } from './evaluate-as-test.ts'
import { evalFinding } from './eval-finding.ts'
import type { EvalSettings } from '../evals-project.ts'
import { caseLine, givenCase, gradesText, percent, shareText } from '../result-text.ts'

/** What the tests of one eval file need. */
export interface EvalTests {
  readonly definition: EvalDefinition
  readonly file: string
  readonly settings: EvalSettings
  /** Of a per-case eval; null for one that is a single test. */
  readonly cases: readonly TestedCase[] | null
  /** The grading that all of them look at. */
  readonly evaluate: () => Promise<EvalOutcome>
}

/** Registers the tests of an eval. Where none is to be run there is one skipped test that says why. */
export function registerEval(tests: EvalTests): void {
  const { definition, settings, cases } = tests
  const { name, minPass } = definition.options
  if (settings.skipped !== null) {
    it.skip(`${name}: ${settings.skipped}`)
    return
  }
  const title = minPass === undefined ? name : `${name}: at least ${percent(minPass)} pass`
  if (cases === null) {
    it(title, { timeout: 0 }, (context) => checkEval(context, tests))
    return
  }
  describe(name, { timeout: 0 }, () => {
    for (const tested of cases) it(caseTitle(tested), (context) => checkCase(context, tests, tested))
    it(minPass === undefined ? 'all cases' : `at least ${percent(minPass)} pass`, (context) => checkEval(context, tests))
  })
}

/** The id as it is where it is harmless: titles are for people and for `-t`. */
function caseTitle({ id }: TestedCase): string {
  return quoteUntrusted(id, 200).slice(1, -1)
}

/** Passes unless too few cases passed or too many could not be graded; says what was found either way. */
async function checkEval(context: TestContext, tests: EvalTests): Promise<void> {
  const { file, settings, definition } = tests
  const outcome = await tests.evaluate()
  const { result, problem, lost } = outcome
  const finding = evalFinding(outcome, { model: settings.model ?? '', minPass: definition.options.minPass ?? null })
  context.task.meta.holdfast = finding
  await context.annotate(
    `${shareText(result)}${lost.length === 0 ? '' : `, ${lost.length} lost`}; grades ${gradesText(result.file)}`,
    'holdfast',
  )
  for (const { code, message } of result.warnings) await context.annotate(`${code}: ${message}`, 'warning')
  if (settings.scores) await annotateScores(context, result)
  if (problem === 'ungraded') throw inFile(tooManyUngraded(outcome, file, settings.errorBudgetShare), file)
  if (problem === 'below-min-pass') throw inFile(belowMinPass(outcome, file, definition.options.minPass ?? 1), file)
}

/** Vitest's junit reporter prints annotations as properties, by their type. */
async function annotateScores(
  context: TestContext,
  { passShare, interval, meanReward, cases, errors }: EvalOutcome['result'],
): Promise<void> {
  const scores = { passShare, intervalLower: interval[0], intervalUpper: interval[1], meanReward, cases, errors }
  for (const [name, value] of Object.entries(scores)) if (value !== null) await context.annotate(String(value), name)
}

/** Where the eval has a `minPass`, single cases are shown and the eval's own test decides. */
async function checkCase(context: TestContext, tests: EvalTests, tested: TestedCase): Promise<void> {
  const { definition, file } = tests
  const { cases, result } = await tests.evaluate()
  const one = cases.find(({ caseId }) => caseId === tested.id)
  if (one === undefined) return context.skip('not graded')
  if (one.state === 'passed') return
  if (definition.options.minPass !== undefined) return context.skip(caseLine(givenCase(one)))
  const expected = typeof tested.expected === 'string' ? tested.expected : JSON.stringify(tested.expected)
  const NotPassed = one.state === 'ungraded' ? CaseUngradedError : CaseFailedError
  throw inFile(new NotPassed({ evalName: result.evalName, file, expected, given: givenCase(one) }), file)
}

/** Points the error at the eval's file instead of at this one: that is where people and code hosts should look. */
function inFile(error: HoldfastError, file: string): HoldfastError {
  error.stack = `${error.name}: ${error.message}\n    at ${file}:1:1`
  return error
}
