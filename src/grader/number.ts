/**
 * @file Grader "number": the answer is a number.
 */
import type { Grader } from '../eval/grader.ts'
import { answerText } from './answer-text.ts'
import { decimalsEqual, decimalToNumber, lastNumber, parseDecimal } from './decimal.ts'
import type { Decimal } from './decimal.ts'
import { gradeOf, unusableGold } from './grade-result.ts'

/** Settings of `number`. */
export interface NumberOptions {
  readonly name?: string
  readonly weight?: number
  /** Largest absolute difference that still counts as right. Default 0: the same decimal number. */
  readonly tolerance?: number
}

/**
 * Reward 1 when the answer is the expected number; else 0. "1,200", "1200.0" and "1.2e3" are the same number.
 * Profile `reward`: the whole answer is the number. Profile `eval`: else the last number that the text mentions counts.
 */
export function number(options: NumberOptions = {}): Grader {
  const tolerance = options.tolerance ?? 0
  return {
    name: options.name ?? 'number',
    kind: 'number',
    version: 1,
    settings: { tolerance },
    weight: options.weight,
    grade(input) {
      const { expected } = input.case
      const gold = typeof expected === 'number' || typeof expected === 'string' ? parseDecimal(String(expected)) : null
      if (gold === null) return unusableGold('a number')
      const text = answerText(input) ?? ''
      const whole = parseDecimal(text)
      if (whole !== null) return gradeOf(same(whole, gold, tolerance) ? 1 : 0, { formatValid: true, extractionRule: 'whole' })
      const found = input.profile === 'eval' ? parseDecimal(lastNumber(text) ?? '') : null
      if (found === null) return gradeOf(0, { formatValid: false })
      return gradeOf(same(found, gold, tolerance) ? 1 : 0, { formatValid: false, extractionRule: 'last-number' })
    },
  }
}

function same(answer: Decimal, gold: Decimal, tolerance: number): boolean {
  if (tolerance === 0) return decimalsEqual(answer, gold)
  return Math.abs(decimalToNumber(answer) - decimalToNumber(gold)) <= tolerance
}
