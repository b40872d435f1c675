/**
 * @file The failures of putting graders together: a formula that cannot be read, parts that do not fit. Untrusted text in them is quoted.
 */
import { defineError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

/** A formula that cannot be read, or that names a part that is not there. `at` is the character where reading stopped, from 1. */
export class FormulaParseError extends defineError(
  'FORMULA_PARSE_ERROR',
  ({ where, source, at, text }: { where: string; source: string; at: number; text: string }) => ({
    summary: `The formula ${quoteUntrusted(source)} cannot be read at character ${at}: ${text}`,
    where,
    fix: 'write arithmetic over the graders by name: + - * / ^, parentheses, numbers, min max abs floor ceil exp sqrt log',
  }),
) {}

/** Graders that cannot be combined as asked: none at all, two of one name, a weight that is none. */
export class CombinationInvalidError extends defineError(
  'COMBINATION_INVALID',
  ({ where, problem }: { where: string; problem: string }) => ({
    summary: `These graders cannot be combined: ${problem}`,
    where,
    fix: 'give every part a name of its own, and weights that are numbers above 0, one for each part',
  }),
) {}
