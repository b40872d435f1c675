/**
 * @file Arithmetic of rationals without a bound and without lowest terms: for numbers whose size what read them has bounded, which are only compared in
 * the end. Results of a calculation that may grow are src/grader/exact/rational.ts.
 */
import type { Decimal } from './decimal.ts'
import { parseDecimal } from './decimal.ts'
import type { Rational } from './rational.ts'

/** The decimal as a fraction. Its size is bounded by what parseDecimal reads: exponents of at most four digits. */
export function fractionOf({ negative, digits, exponent }: Decimal): Rational {
  const whole = BigInt(digits || '0') * (negative ? -1n : 1n)
  return exponent >= 0 ? { top: whole * 10n ** BigInt(exponent), bottom: 1n } : { top: whole, bottom: 10n ** BigInt(-exponent) }
}

/** A number of the settings, as its shortest decimal form says. Null for infinities and NaN. */
export function fractionOfNumber(value: number): Rational | null {
  const decimal = parseDecimal(String(value))
  return decimal === null ? null : fractionOf(decimal)
}

export function multiply(a: Rational, b: Rational): Rational {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom }
}

export function divide(a: Rational, b: Rational): Rational {
  const sign = b.top < 0n ? -1n : 1n
  return { top: a.top * b.bottom * sign, bottom: a.bottom * b.top * sign }
}

export function add(a: Rational, b: Rational): Rational {
  return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom }
}

export function absolute({ top, bottom }: Rational): Rational {
  return { top: top < 0n ? -top : top, bottom }
}

/** Negative, zero or positive as `a` is smaller than, equal to or greater than `b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.top * b.bottom - b.top * a.bottom
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** Rounded to that many significant digits, halves away from zero. */
export function roundSignificant(value: Rational, digits: number): Rational {
  const { top, bottom } = absolute(value)
  if (top === 0n) return { top: 0n, bottom: 1n }
  // Ten to the power of `shift` makes a whole part of `digits` or `digits + 1` digits; the lengths tell the size to within one.
  let shift = digits - (String(top).length - String(bottom).length)
  const scaled = (): bigint => (shift >= 0 ? (top * 10n ** BigInt(shift)) / bottom : top / (bottom * 10n ** BigInt(-shift)))
  while (scaled() >= 10n ** BigInt(digits)) shift -= 1
  const [over, under] = shift >= 0 ? [top * 10n ** BigInt(shift), bottom] : [top, bottom * 10n ** BigInt(-shift)]
  const rounded = ((2n * over + under) / (2n * under)) * (value.top < 0n ? -1n : 1n)
  return shift >= 0 ? { top: rounded, bottom: 10n ** BigInt(shift) } : { top: rounded * 10n ** BigInt(-shift), bottom: 1n }
}
