/**
 * @file Numbers with units in what a model wrote: "500 mg", "0.5g", "12 %".
 */
import { lastAffirmed } from '../text/denial.ts'
import { parseDecimal } from '../exact/decimal.ts'
import { fractionOf } from '../exact/fraction.ts'
import type { Rational } from '../exact/rational.ts'
import { convert, unitOf } from '../exact/units.ts'
import type { Unit } from '../exact/units.ts'

// As in decimal.ts, then a word or sign; the longest unit has 14 characters.
const QUANTITY =
  /(?<![\p{L}\p{N}_.,/:]|\d[-−])([-+−]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,4})?) ?([\p{L}°º℃℉µ%‰′]{1,14}[²³23]?(?:\/\p{L}{1,2})?)(?![\p{L}\p{N}_/])/gu

/** The whole text as a number with a unit, in the wanted unit. Null when it is none, or of another dimension. */
export function wholeQuantity(text: string, wanted: Unit): Rational | null {
  const trimmed = text.trim()
  if (trimmed.length > 400) return null
  const end = trimmed.search(/(?<=[\d.])\s*(?![eE][-+]?\d)[\p{L}°º℃℉µ%‰′]/u)
  return end === -1 ? null : quantity(trimmed.slice(0, end), trimmed.slice(end), wanted)
}

/** The last number of a text that has a unit of the wanted dimension, in the wanted unit; `denied` where there is one and the text denies it. */
export function lastQuantity(text: string, wanted: Unit): Rational | 'denied' | null {
  const found = Array.from(text.matchAll(QUANTITY), ({ 0: all, 1: digits = '', 2: name = '', index }) => ({
    ...{ start: index, end: index + all.length, digits, name },
  })).filter(({ name }) => unitOf(name)?.dimension === wanted.dimension)
  // Converted once, at the end: a text of huge numbers would take long.
  const last = lastAffirmed(text, found)
  if (last === null) return found.length === 0 ? null : 'denied'
  return quantity(last.digits, last.name, wanted)
}

function quantity(digits: string, name: string, wanted: Unit): Rational | null {
  const [decimal, unit] = [parseDecimal(digits), unitOf(name)]
  return decimal === null || unit === null || unit.dimension !== wanted.dimension ? null : convert(fractionOf(decimal), unit, wanted)
}
