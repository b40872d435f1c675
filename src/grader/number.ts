/**
 * @file Grader "number": the answer is a number, with or without a unit.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import { numbersIn, parseDecimal } from './exact/decimal.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { checkOptions, COMMON, NUMBER, TEXT } from './options/check-options.ts'
import { numberComparison } from './quantity/number-comparison.ts'
import type { NumberComparison } from './quantity/number-comparison.ts'
import { lastQuantity, wholeQuantity } from './quantity/quantity.ts'
import type { Unit } from './exact/units.ts'
import { fractionOf } from './exact/fraction.ts'
import type { Rational } from './exact/rational.ts'
import { lastAffirmed } from './text/denial.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `number`. */
export interface NumberOptions {
  readonly name?: string
  readonly weight?: number
  /** Largest absolute difference that still counts as right. Default 0: the same decimal number. */
  readonly tolerance?: number
  /** Largest difference as a share of the expected number, 0.01 for one percent. With both tolerances the wider one counts. */
  readonly relativeTolerance?: number
  /** Compares after rounding both numbers to so many significant digits, halves away from zero. Not together with a tolerance. */
  readonly significantDigits?: number
  /** The unit of the expected number (and of `tolerance`), like "mg" or "km/h". Answers in another unit of the same dimension are converted exactly. */
  readonly unit?: string
}

/** A number that was found, in the expected unit. */
interface FoundNumber {
  readonly value: Rational
  readonly rule: 'whole' | 'last-number'
}

/**
 * Reward 1 when the answer is the expected number; else 0. "1,200", "1200.0" and "1.2e3" are the same number. All arithmetic is exact.
 * Profile `reward`: the whole answer is the number, with a unit where `unit` is given. Profile `eval`: else the last number that the text
 * mentions counts, unless the text denies it, and a number without a word after it is taken to be in the expected unit.
 * @throws GraderOptionsError
 */
export function number(options: NumberOptions = {}): Grader {
  checkOptions<NumberOptions>('number', options, {
    ...COMMON,
    tolerance: NUMBER.optional(),
    relativeTolerance: NUMBER.optional(),
    significantDigits: NUMBER.optional(),
    unit: TEXT.optional(),
  })
  const tolerance = options.tolerance ?? 0
  const { unit, right } = numberComparison(options)
  const { relativeTolerance, significantDigits } = options
  const wanted = unit === null ? 'a number' : `a number, alone or with a unit like ${options.unit}`
  return builtIn({
    name: options.name ?? 'number',
    kind: 'number',
    // 2: differences are exact where a tolerance is given. 3: a number that is denied is none. 4: nor is a bound or one of two.
    // 5: units are those of the one table; without a unit nothing has changed.
    version: unit === null ? 4 : 5,
    // Settings that are not given leave the hash of recorded runs as it was.
    settings: {
      tolerance,
      ...(relativeTolerance === undefined ? {} : { relativeTolerance }),
      ...(significantDigits === undefined ? {} : { significantDigits }),
      ...(options.unit === undefined ? {} : { unit: options.unit }),
    },
    weight: options.weight,
    expectedProblem: (expected) => (goldRatio(expected, unit) === null ? `not ${wanted}` : null),
    traits: { respelled: otherDigits },
    grade(input) {
      const gold = goldRatio(input.case.expected, unit)
      if (gold === null) return unusableGold(wanted)
      return gradeNumber(unit === null ? findNumber(input) : findQuantity(input, unit), gold, right)
    },
  })
}

function gradeNumber(found: FoundNumber | null, gold: Rational, right: NumberComparison['right']): Grade {
  if (found === null) return gradeOf(0, { formatValid: false })
  return gradeOf(right(found.value, gold) ? 1 : 0, { formatValid: found.rule === 'whole', extractionRule: found.rule })
}

/** A whole number with other digits, which is the same number. */
export function otherDigits(_gold: string, expected: JsonValue): Readonly<Record<string, string>> {
  if (typeof expected !== 'number' || !Number.isSafeInteger(expected)) return {}
  const grouped = Math.abs(expected) >= 1000 ? { 'number with thousands separators': expected.toLocaleString('en-US') } : {}
  return { 'number with a zero after the point': `${expected}.0`, ...grouped }
}

function goldRatio(expected: JsonValue, unit: Unit | null): Rational | null {
  if (typeof expected !== 'number' && typeof expected !== 'string') return null
  const text = String(expected)
  const bare = parseDecimal(text)
  if (bare !== null) return fractionOf(bare)
  return unit === null ? null : wholeQuantity(text, unit)
}

function findNumber(input: GradeInput): FoundNumber | null {
  const text = answerText(input) ?? ''
  const whole = parseDecimal(text)
  if (whole !== null) return { value: fractionOf(whole), rule: 'whole' }
  const last = input.profile === 'eval' ? parseDecimal(lastAffirmed(text, numbersIn(text))?.digits ?? '') : null
  return last === null ? null : { value: fractionOf(last), rule: 'last-number' }
}

function findQuantity(input: GradeInput, unit: Unit): FoundNumber | null {
  const text = answerText(input) ?? ''
  const whole = wholeQuantity(text, unit)
  if (whole !== null) return { value: whole, rule: 'whole' }
  if (input.profile === 'reward') return null
  const last = lastQuantity(text, unit)
  if (last !== null) return last === 'denied' ? null : { value: last, rule: 'last-number' }
  // A word after the last number may be a unit that nobody knows.
  const bare = numbersIn(text).at(-1)
  const follows = bare === undefined ? '' : text.slice(bare.end)
  return /^ ?[\p{L}°%‰]/u.test(follows) ? null : findNumber(input)
}

export const numberCard: GraderCard<typeof number> = {
  make: number,
  family: 'value',
  compares: 'a number, with `tolerance`, `significantDigits` or `unit`',
  expected: 'a number',
  rewardDemands: 'nothing but the number, and the unit where `unit` is given',
  partialCredit: 'no',
  example: { make: () => number(), expected: 14, right: '14.0', wrong: '15' },
}
