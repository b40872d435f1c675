/**
 * @file Numbers as people write them, compared exactly: decimals as digits and exponent, so that no precision is lost on the way.
 */

/** A decimal number: digits without zeros at either end, times ten to the exponent. Zero is `{ digits: '', exponent: 0 }`. */
export interface Decimal {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
}

// Thousands separated by commas in full groups, or plain digits; then a fraction; then an exponent.
const NUMBER = String.raw`[-+−]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)?(?:(?<=\d)\.\d*|(?<!\d)\.\d+)?(?:(?<=[\d.])[eE][-+]?\d{1,4})?`
const WHOLE = new RegExp(`^${NUMBER}$`)
// A number in prose does not begin or end inside a word, a longer number or a date.
const IN_TEXT =
  /(?<![\p{L}\p{N}_.,/:]|\d[-−])[-+−]?(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,4})?(?![\p{L}\p{N}_/:]|[.,-]\d)/gu

/** The number that the whole text is, white space at the ends aside; null when it is none. */
export function parseDecimal(text: string): Decimal | null {
  const trimmed = text.trim()
  if (trimmed.length > 400 || !/\d/.test(trimmed) || !WHOLE.test(trimmed)) return null
  return decimalOf(trimmed.replaceAll(',', '').replace('−', '-'))
}

/** The number that a literal is: digits with a sign, a point and an exponent or without, as JSON and JavaScript write them. */
export function decimalOf(literal: string): Decimal {
  const [mantissa = '', power = '0'] = literal.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[-+]/, '').split('.')
  const leading = (whole + fraction).replace(/^0+/, '')
  const digits = withoutLastZeros(leading)
  if (digits === '') return { negative: false, digits, exponent: 0 }
  return { negative: mantissa.startsWith('-'), digits, exponent: Number(power) - fraction.length + (leading.length - digits.length) }
}

/** The numbers that a text mentions, with where they begin and end. */
export function numbersIn(text: string): readonly { readonly start: number; readonly end: number; readonly digits: string }[] {
  return Array.from(text.matchAll(IN_TEXT), ({ 0: digits, index }) => ({ start: index, end: index + digits.length, digits }))
}

/** Whether two decimals are the same number. */
export function decimalsEqual(a: Decimal, b: Decimal): boolean {
  return a.negative === b.negative && a.digits === b.digits && a.exponent === b.exponent
}

/** The nearest double. */
export function decimalToNumber({ negative, digits, exponent }: Decimal): number {
  return Number(`${negative ? '-' : ''}${digits || '0'}e${exponent}`)
}

/** A loop: the pattern /0+$/ takes quadratic time on zeros that are followed by another digit. */
function withoutLastZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}
