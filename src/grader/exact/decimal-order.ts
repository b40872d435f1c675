/**
 * @file Decimals compared, divided and told apart by their digits, without a double in between, however long they are.
 */
import type { Decimal } from './decimal.ts'

/** One text for each number. */
export function numberKey({ negative, digits, exponent }: Decimal): string {
  return `${negative ? '-' : ''}${digits}e${exponent}`
}

/** Whether it has no fraction: 1.0 and 1e3 have none. */
export function isWhole({ exponent }: Decimal): boolean {
  return exponent >= 0
}

/** Below 0 when a is less than b, above 0 when it is more. */
export function compareNumbers(a: Decimal, b: Decimal): number {
  const [signA, signB] = [signOf(a), signOf(b)]
  if (signA !== signB || signA === 0) return signA - signB
  const size = a.digits.length + a.exponent - (b.digits.length + b.exponent)
  // Without zeros at either end digits are in the order of their text.
  return signA * (size !== 0 ? size : a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1)
}

function signOf({ negative, digits }: Decimal): number {
  return digits === '' ? 0 : negative ? -1 : 1
}

/** Whether a is a whole multiple of b, which is above 0. */
export function isMultipleOf(a: Decimal, b: Decimal): boolean {
  if (a.digits === '') return true
  const shift = a.exponent - b.exponent
  // The digits of a do not end in 0, so no power of ten divides them.
  if (shift < 0) return false
  const divisor = BigInt(b.digits)
  return (BigInt(a.digits) * powerOfTen(shift, divisor)) % divisor === 0n
}

/** 10 to the power, modulo: in steps of squaring, so that 1e999999 costs nothing. */
function powerOfTen(power: number, modulus: bigint): bigint {
  let [result, base, left] = [1n, 10n % modulus, power]
  for (; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * base) % modulus
    base = (base * base) % modulus
  }
  return result
}
