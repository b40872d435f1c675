/**
 * @file When two numbers count as the same for the number grader: its settings, checked, as one comparison.
 */
import { GraderOptionsError } from '../errors.ts'
import { absolute, add, compare, multiply, fractionOfNumber, roundSignificant } from '../exact/fraction.ts'
import type { Rational } from '../exact/rational.ts'
import { unitOf } from '../exact/units.ts'
import type { Unit } from '../exact/units.ts'

/** The settings of the number grader that decide a comparison. */
export interface NumberComparisonOptions {
  readonly tolerance?: number
  readonly relativeTolerance?: number
  readonly significantDigits?: number
  readonly unit?: string
}

/** The expected unit, null for none, and whether an answer is right. */
export interface NumberComparison {
  readonly unit: Unit | null
  readonly right: (answer: Rational, gold: Rational) => boolean
}

/** The comparison that the settings ask for. @throws GraderOptionsError */
export function numberComparison(options: NumberComparisonOptions): NumberComparison {
  const unit = options.unit === undefined ? null : unitOf(options.unit)
  if (options.unit !== undefined && unit === null)
    throw new GraderOptionsError({
      grader: 'number',
      problem: `the unit ${JSON.stringify(options.unit)} is unknown`,
      fix: 'use a unit like g, mg, km, min, mL, °C, kWh or %',
    })
  const [absoluteShare, relativeShare] = [share(options.tolerance), share(options.relativeTolerance)]
  const digits = options.significantDigits
  if (digits === undefined) return { unit, right: (answer, gold) => within(answer, gold, [absoluteShare, relativeShare]) }
  if (!Number.isInteger(digits) || digits < 1 || digits > 100)
    throw new GraderOptionsError({
      grader: 'number',
      problem: 'significantDigits is not a whole number from 1 to 100',
      fix: 'give for example 3',
    })
  if (absoluteShare.top !== 0n || relativeShare.top !== 0n)
    throw new GraderOptionsError({
      grader: 'number',
      problem: 'significantDigits and a tolerance contradict each other',
      fix: 'give one of them',
    })
  return { unit, right: (answer, gold) => compare(roundSignificant(answer, digits), roundSignificant(gold, digits)) === 0 }
}

function within(answer: Rational, gold: Rational, [absoluteShare, relativeShare]: readonly [Rational, Rational]): boolean {
  const difference = absolute(add(answer, { top: -gold.top, bottom: gold.bottom }))
  return compare(difference, absoluteShare) <= 0 || compare(difference, multiply(relativeShare, absolute(gold))) <= 0
}

function share(value: number | undefined): Rational {
  const ratio = fractionOfNumber(value ?? 0)
  if (ratio === null || ratio.top < 0n)
    throw new GraderOptionsError({
      grader: 'number',
      problem: 'a tolerance is negative or no number',
      fix: 'give tolerances as numbers from 0 up',
    })
  return ratio
}
