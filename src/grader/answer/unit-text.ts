/**
 * @file Units as text: what stands after an amount, in one spelling. Which units can be converted is in unit-table.ts.
 */
import type { Token } from './answer-tokens.ts'
import { foldedUnit } from './folded-word.ts'
import { unitName } from '../exact/unit-names.ts'

const CURRENCIES = new Set(['$', '€', '£', '¥', '₹', '₩', '₽', '¢'])

/** A currency sign. */
export function isCurrency(token: Token | undefined): boolean {
  return token?.kind === 'mark' && CURRENCIES.has(token.text)
}

const CURRENCY_CODES = new Set(['USD', 'EUR', 'GBP', 'JPY', 'CNY', 'RMB', 'INR', 'KRW', 'RUB', 'CHF'])

/** The code of a currency: USD 5. */
export function isCurrencyCode(token: Token | undefined): boolean {
  return token?.kind === 'word' && CURRENCY_CODES.has(token.text)
}

/** Wordings of units in more than one word, in the order in which they are rewritten. */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/ ?\bper\b ?/gi, '/'],
  [/^(?:°|degrees?|deg\.?) ?(?:c|celsius|centigrade)$|^celsius$/i, '°C'],
  [/^(?:°|degrees?|deg\.?) ?(?:f|fahrenheit)$|^fahrenheit$/i, '°F'],
  [/\b(?:square|sq\.?) ([\p{L}]+)/giu, '$1^2'],
  [/\b(?:cubic|cu\.?) ([\p{L}]+)/giu, '$1^3'],
  [/([\p{L}]+) squared\b/giu, '$1^2'],
  [/([\p{L}]+) cubed\b/giu, '$1^3'],
  [/^us dollars?$/i, '$'],
  [/^pounds? sterling$/i, '£'],
  [/\bwatt hour/gi, 'watt-hour'],
  [/\bmetric ton(?:ne)?s?\b/gi, 'tonne'],
  [/ ?([/^*]) ?/g, '$1'],
  [/\^\{(-?\d+)\}/g, '^$1'],
  [/^cc$/, 'cm^3'],
]
const PIECE = /[\p{L}°%$€£¥₹₩₽¢][\p{L}-]*/gu
const OTHER_NAMES: Readonly<Record<string, string>> = { kph: 'km/h', 'mi/h': 'mph', Nm: 'N*m' }

/**
 * "km / h", "km/h" and "kilometers per hour", "percent" and "%" are one text. Where a part is no known unit, only ordinary words lose their letter case:
 * "Apples" are "apples".
 */
export function unitText(text: string): string {
  const tight = WORDINGS.reduce((rest, [pattern, spelling]) => rest.replace(pattern, spelling), text.trim())
  if (/^(?:%|percent|pct|per cent|\/cent)$/i.test(tight)) return '%'
  if (Object.hasOwn(OTHER_NAMES, tight)) return OTHER_NAMES[tight] ?? tight
  if (tight === '°C' || tight === '°F') return tight
  let known = true
  const named = tight.replace(PIECE, (word) => {
    const names = unitName(word) === null ? word.split('-').map(unitName) : [unitName(word)]
    known &&= !names.includes(null)
    return names.join('*')
  })
  if (!known) return tight.replace(/\p{L}{4,}/gu, foldedUnit)
  const joined = named.replaceAll(' ', '*')
  return Object.hasOwn(OTHER_NAMES, joined) ? (OTHER_NAMES[joined] ?? joined) : joined
}
