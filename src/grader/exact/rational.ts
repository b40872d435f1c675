/**
 * @file Exact rational numbers of bounded size. Every operation takes null for "no number" and gives null where there is none:
 * division by zero, or more than 1,024 bits on either side of the bar.
 */
import { decimalOf } from './decimal.ts'

/** A fraction of whole numbers, what is made here in lowest terms; `bottom` is positive. */
export interface Rational {
  readonly top: bigint
  readonly bottom: bigint
}

type Maybe = Rational | null

const MAX_BITS = 1024
const LIMIT = 1n << BigInt(MAX_BITS)
const MAX_LITERAL_LENGTH = 320

export const ZERO: Rational = { top: 0n, bottom: 1n }
export const ONE: Rational = { top: 1n, bottom: 1n }

/** The number top/bottom; null for a bottom of 0 and beyond the size. */
export function ratio(top: bigint, bottom: bigint = 1n): Maybe {
  if (bottom === 0n) return null
  if (bottom === 1n) return withinLimit(top) ? { top, bottom } : null
  const divisor = greatestCommonDivisor(top, bottom)
  const sign = bottom < 0n ? -1n : 1n
  const reduced = { top: (sign * top) / divisor, bottom: (sign * bottom) / divisor }
  return withinLimit(reduced.top) && withinLimit(reduced.bottom) ? reduced : null
}

/** The exact value of decimal digits with an optional fraction and exponent, without a sign: "12", ".5", "5E-02". */
export function rationalOfDecimal(text: string): Maybe {
  if (/^\d{1,15}$/.test(text)) return { top: BigInt(text), bottom: 1n }
  if (text.length > MAX_LITERAL_LENGTH) return null
  const { digits, exponent } = decimalOf(text)
  if (Math.abs(exponent) > MAX_LITERAL_LENGTH) return null
  const whole = BigInt(digits || '0')
  return exponent >= 0 ? ratio(whole * 10n ** BigInt(exponent)) : ratio(whole, 10n ** BigInt(-exponent))
}

export function add(a: Maybe, b: Maybe): Maybe {
  if (a === null || b === null) return null
  return ratio(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)
}

export function multiply(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null ? null : ratio(a.top * b.top, a.bottom * b.bottom)
}

export function divide(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null ? null : ratio(a.top * b.bottom, a.bottom * b.top)
}

export function negate(a: Maybe): Maybe {
  return a === null ? null : { top: -a.top, bottom: a.bottom }
}

/** a to a whole power; null for 0 to the 0 and to negative powers. */
export function raise(a: Maybe, exponent: number): Maybe {
  if (a === null) return null
  if (a.top === 0n) return exponent > 0 ? ZERO : null
  const steps = Math.abs(exponent)
  if (steps > 1 && (bitLength(a.top) - 1) * steps > MAX_BITS) return null
  if (steps > 1 && (bitLength(a.bottom) - 1) * steps > MAX_BITS) return null
  // A sign or a bottom of 1 costs nothing, so the exponent itself needs a bound too.
  if (steps > MAX_BITS && (a.top === 1n || a.top === -1n) && a.bottom === 1n) return a.top === 1n || steps % 2 === 0 ? ONE : negate(ONE)
  const power = ratio(a.top ** BigInt(steps), a.bottom ** BigInt(steps))
  return exponent < 0 ? divide(ONE, power) : power
}

export function same(a: Rational, b: Rational): boolean {
  return a.top === b.top && a.bottom === b.bottom
}

/** The whole number that `a` is, as a double; null when it is none or not a safe integer. */
export function wholeNumber(a: Rational): number | null {
  const value = Number(a.top)
  return a.bottom === 1n && Number.isSafeInteger(value) ? value : null
}

/** Steps of a work budget that an operation with `a` takes: reducing large fractions costs most. */
export function costOf(a: Rational): number {
  if (a.bottom === 1n) return isSmall(a.top) ? 1 : 4
  return isSmall(a.top) && isSmall(a.bottom) ? 3 : 40
}

/** "3" or "-3/4": the same for the same number. */
export function formatRational(a: Rational): string {
  return a.bottom === 1n ? a.top.toString() : `${a.top}/${a.bottom}`
}

/** The whole part, towards minus infinity. */
export function floor({ top, bottom }: Rational): bigint {
  const quotient = top / bottom
  return top < 0n && quotient * bottom !== top ? quotient - 1n : quotient
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (small !== 0n) [large, small] = [small, large % small]
  return large
}

function isSmall(value: bigint): boolean {
  return value < 9_007_199_254_740_992n && value > -9_007_199_254_740_992n
}

function withinLimit(value: bigint): boolean {
  return value <= LIMIT && value >= -LIMIT
}

function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length
}
