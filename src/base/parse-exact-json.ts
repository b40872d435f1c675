/**
 * @file JSON.parse that rounds nothing: a number that JavaScript would change is given as the text of its digits, because an order number that differs
 * in its last digit is another order. JSON.parse reads everything, so syntax, depth and keys like "__proto__" are its own; only such numbers are quoted first.
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d

/**
 * The value of a JSON text. Whole numbers beyond 2^53 - 1 and numbers whose decimal value a double does not give back (`0.10000000000000000001`, `1e400`)
 * are text, digit for digit as written; all others are numbers.
 * @throws SyntaxError as JSON.parse does
 */
export function parseExactJson(text: string): unknown {
  // Also checks the text: quoting could mend what is no JSON.
  const value: unknown = JSON.parse(text)
  if (!mayBeRounded(text)) return value
  const quoted = quoteRounded(text)
  return quoted === text ? value : JSON.parse(quoted)
}

/**
 * Whether 16 digits stand in a row, a point among them or not, or three digits of an exponent: all other numbers survive. Either holds three digits
 * in a row, so looking at every third character finds it, at a small part of the cost of JSON.parse.
 */
function mayBeRounded(text: string): boolean {
  for (let at = 2; at < text.length; at += 3) {
    if (!isDigit(text.charCodeAt(at))) continue
    let start = at
    let end = at + 1
    while (isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1
    while (isDigitOrPoint(text.charCodeAt(end))) end += 1
    if (end - start >= 16 || (end - start >= 3 && isExponent(text, start))) return true
    at = end
  }
  return false
}

/** Ids like "case-100" are many, so the digit before the e counts. */
function isExponent(text: string, start: number): boolean {
  const e = isSign(text.charCodeAt(start - 1)) ? start - 2 : start - 1
  return isE(text.charCodeAt(e)) && isDigitOrPoint(text.charCodeAt(e - 1))
}

/** Valid JSON with quotes around every number that would be rounded. */
function quoteRounded(text: string): string {
  let quoted = ''
  let copied = 0
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at)
      if (end - at > 4 && !isExactNumber(text.slice(at, end))) {
        quoted += `${text.slice(copied, at)}"${text.slice(at, end)}"`
        copied = end
      }
      at = end
    } else at += 1
  }
  return copied === 0 ? text : quoted + text.slice(copied)
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1
  return at + 1
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && isPartOfNumber(text.charCodeAt(at))) at += 1
  return at
}

/** Whether a number as JSON writes it has the same value as the double that JSON.parse makes of it. */
function isExactNumber(literal: string): boolean {
  const value = Number(literal)
  if (/^-?\d+$/.test(literal)) return Number.isSafeInteger(value)
  if (value === 0) return !/^[^e]*[1-9]/i.test(literal)
  const printed = String(value)
  return printed === literal || (Number.isFinite(value) && decimalOf(printed) === decimalOf(literal))
}

/** One text for each decimal value that a double can be near to: sign, digits without outer zeros, and the power of ten of their end. */
function decimalOf(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const kept = trimZeros(digits)
  return `${literal.startsWith('-') ? '-' : ''}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}

/** A loop: the pattern /0+$/ takes quadratic time on zeros that are followed by another digit. */
function trimZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end -= 1
  return digits.slice(0, end)
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isDigitOrPoint = (code: number): boolean => isDigit(code) || code === 0x2e
const isSign = (code: number): boolean => code === 0x2b || code === MINUS
const isE = (code: number): boolean => code === 0x65 || code === 0x45
const isPartOfNumber = (code: number): boolean => isDigitOrPoint(code) || isSign(code) || isE(code)
