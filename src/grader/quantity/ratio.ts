/**
 * @file Exact fractions of whole numbers, made from decimals: what the number grader compares with tolerances, units and significant digits.
 */
import type { Decimal } from './decimal.ts'
import { parseDecimal } from './decimal.ts'

/** A fraction; the denominator is positive. Not reduced. */
export interface Ratio {
  readonly num: bigint
  readonly den: bigint
}

/** The decimal as a fraction. Its size is bounded by what parseDecimal reads: exponents of at most four digits. */
export function ratioOf({ negative, digits, exponent }: Decimal): Ratio {
  const whole = BigInt(digits || '0') * (negative ? -1n : 1n)
  return exponent >= 0 ? { num: whole * 10n ** BigInt(exponent), den: 1n } : { num: whole, den: 10n ** BigInt(-exponent) }
}

/** A number of the settings, as its shortest decimal form says. Null for infinities and NaN. */
export function ratioOfNumber(value: number): Ratio | null {
  const decimal = parseDecimal(String(value))
  return decimal === null ? null : ratioOf(decimal)
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return { num: a.num * b.num, den: a.den * b.den }
}

export function divide(a: Ratio, b: Ratio): Ratio {
  const sign = b.num < 0n ? -1n : 1n
  return { num: a.num * b.den * sign, den: a.den * b.num * sign }
}

export function add(a: Ratio, b: Ratio): Ratio {
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den }
}

export function absolute({ num, den }: Ratio): Ratio {
  return { num: num < 0n ? -num : num, den }
}

/** Negative, zero or positive as `a` is smaller than, equal to or greater than `b`. */
export function compare(a: Ratio, b: Ratio): number {
  const difference = a.num * b.den - b.num * a.den
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** Rounded to that many significant digits, halves away from zero. */
export function roundSignificant(value: Ratio, digits: number): Ratio {
  const { num, den } = absolute(value)
  if (num === 0n) return { num: 0n, den: 1n }
  // Ten to the power of `shift` makes a whole part of `digits` or `digits + 1` digits; the lengths tell the size to within one.
  let shift = digits - (String(num).length - String(den).length)
  const scaled = (): bigint => (shift >= 0 ? (num * 10n ** BigInt(shift)) / den : num / (den * 10n ** BigInt(-shift)))
  while (scaled() >= 10n ** BigInt(digits)) shift -= 1
  const [top, bottom] = shift >= 0 ? [num * 10n ** BigInt(shift), den] : [num, den * 10n ** BigInt(-shift)]
  const rounded = ((2n * top + bottom) / (2n * bottom)) * (value.num < 0n ? -1n : 1n)
  return shift >= 0 ? { num: rounded, den: 10n ** BigInt(shift) } : { num: rounded * 10n ** BigInt(-shift), den: 1n }
}
