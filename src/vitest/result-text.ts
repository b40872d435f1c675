/**
 * @file Results in words: shares, intervals, cases with what the model gave. Everything that a model wrote is quoted and shortened.
 */
import { displayPath } from '../base/display-path.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { EvaluationResult } from '../round/evaluate.ts'
import type { CaseResult } from './evals/case-results.ts'

/** Cases shown in a message. */
const CASES_SHOWN = 5

const OUTPUT_CHARACTERS = 100

/** How many cases of an eval passed. */
export type EvalShare = Pick<EvaluationResult, 'evalName' | 'cases' | 'passed' | 'errors' | 'passShare' | 'interval'>

/** A share of 1 as a percentage with one digit. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

/** For example: `17 of 20 passed, 85.0 % (95 % interval 64.0 % to 94.8 %), 1 could not be graded`. */
export function shareText(result: Omit<EvalShare, 'evalName'>): string {
  const { cases, passed, errors, passShare, interval } = result
  const ungraded = errors === 0 ? '' : `, ${errors} could not be graded`
  return `${passed} of ${cases - errors} passed, ${percent(passShare)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])})${ungraded}`
}

/** A case with what the model gave, and why it has no grade where it has none. */
export interface GivenCase {
  readonly caseId: string
  readonly gave: string
  readonly error: { readonly code: string; readonly message: string } | null
}

/** Some cases: how many, and the first of them. */
export interface GivenCases {
  readonly count: number
  readonly first: readonly GivenCase[]
}

export function givenCases(cases: readonly CaseResult[]): GivenCases {
  return { count: cases.length, first: cases.slice(0, CASES_SHOWN).map(givenCase) }
}

export function givenCase({ caseId, state, record }: CaseResult): GivenCase {
  const { completion, errorCode, errorMessage } = record
  const hasError = state === 'ungraded' && errorCode !== null
  return { caseId, gave: completion, error: hasError ? { code: errorCode, message: errorMessage ?? '' } : null }
}

/** The first cases, one line each: `failed  "case-7"  gave "…"`, and how many more there are. */
export function caseLines(word: string, { count, first }: GivenCases): readonly string[] {
  const lines = first.map((one) => `${word}  ${caseLine(one)}`)
  return count > first.length ? [...lines, `${word}  … and ${count - first.length} more`] : lines
}

/** A case with what the model gave: `"case-7"  gave "Thursday"`. */
export function caseLine({ caseId, gave, error }: GivenCase): string {
  const text = `${quoteUntrusted(caseId)}  gave ${quoteUntrusted(gave, OUTPUT_CHARACTERS)}`
  return error === null ? text : `${text}  ${error.code}: ${quoteUntrusted(error.message, 200)}`
}

/** Where the grades are: a path for people. */
export function gradesText(file: string): string {
  return displayPath(file)
}
