/**
 * @file The failures of putting graders together: a formula that cannot be read, parts that do not fit. Untrusted text in them is quoted.
 */
import { HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

/** A formula that cannot be read, or that names a part that is not there. `at` is the character where reading stopped, from 1. */
export class FormulaParseError extends HoldfastError {
  readonly at: number

  constructor(where: string, source: string, problem: { readonly at: number; readonly text: string }) {
    super({
      code: 'FORMULA_PARSE_ERROR',
      summary: `The formula ${quoteUntrusted(source)} cannot be read at character ${problem.at}: ${problem.text}`,
      where,
      fix: 'write arithmetic over the graders by name: + - * / ^, parentheses, numbers, min max abs floor ceil exp sqrt log',
    })
    this.at = problem.at
  }
}

/** Graders that cannot be combined as asked: none at all, two of one name, a weight that is none. */
export class CombinationInvalidError extends HoldfastError {
  constructor(where: string, problem: string) {
    super({
      code: 'COMBINATION_INVALID',
      summary: `These graders cannot be combined: ${problem}`,
      where,
      fix: 'give every part a name of its own, and weights that are numbers above 0, one for each part',
    })
  }
}
