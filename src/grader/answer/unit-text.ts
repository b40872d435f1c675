/**
 * @file Units as text: what stands after an amount, in one spelling. Which units can be converted is in unit-table.ts.
 */
import type { Token } from './answer-tokens.ts'

const CURRENCIES = new Set(['$', '€', '£', '¥'])

/** A currency sign. */
export function isCurrency(token: Token | undefined): boolean {
  return token?.kind === 'mark' && CURRENCIES.has(token.text)
}

/** "km / h" and "km/h", "Apples" and "apples", "percent" and "%" are one text. Short names keep their case: mW is no MW. */
export function unitText(text: string): string {
  const tight = text
    .trim()
    .replaceAll(' per ', '/')
    .replace(/ ?([/^*]) ?/g, '$1')
    .replace(/\^\{(-?\d+)\}/g, '^$1')
  if (/^(?:%|percent|per cent)$/i.test(tight)) return '%'
  return tight.replace(/\p{L}{4,}/gu, (word) => word.toLowerCase())
}
