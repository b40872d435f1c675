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

/** A share of 1 as a percentage with one digit. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

/** For example: `17 of 20 passed, 85.0 % (95 % interval 64.0 % to 94.8 %), 1 could not be graded`. */
export function shareText(result: Pick<EvaluationResult, 'cases' | 'passed' | 'errors' | 'passShare' | 'interval'>): string {
  const { cases, passed, errors, passShare, interval } = result
  const ungraded = errors === 0 ? '' : `, ${errors} could not be graded`
  return `${passed} of ${cases - errors} passed, ${percent(passShare)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])})${ungraded}`
}

/** The first cases, one line each: `failed  "case-7"  gave "…"`, and how many more there are. */
export function caseLines(word: string, cases: readonly CaseResult[]): readonly string[] {
  const lines = cases.slice(0, CASES_SHOWN).map((one) => `${word}  ${caseLine(one)}`)
  const more = cases.length - lines.length
  return more > 0 ? [...lines, `${word}  … and ${more} more`] : lines
}

/** A case with what the model gave: `"case-7"  gave "Thursday"`. */
export function caseLine({ caseId, state, record }: CaseResult): string {
  const gave = `${quoteUntrusted(caseId)}  gave ${quoteUntrusted(record.completion, OUTPUT_CHARACTERS)}`
  return state === 'ungraded' && record.errorCode !== null
    ? `${gave}  ${record.errorCode}: ${quoteUntrusted(record.errorMessage ?? '', 200)}`
    : gave
}

/** Where the grades are: a path for people. */
export function gradesText(file: string): string {
  return displayPath(file)
}
