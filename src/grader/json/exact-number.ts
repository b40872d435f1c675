/**
 * @file Numbers of JSON that JavaScript would round, which src/base/parse-exact-json.ts gives as the text of their digits.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { parseDecimal } from '../exact/decimal.ts'
import type { Decimal } from '../exact/decimal.ts'

const LONG_NUMBER = /^-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][-+]?\d{1,4})?$/

/** Whether a value stands for a JSON number: it is one, or it is the text of one that JavaScript cannot hold. Such a text in quotes looks the same. */
export function isJsonNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && isRounded(value))
}

/** The exact number that a value stands for; null when it stands for none. */
export function exactNumber(value: unknown): Decimal | null {
  return isJsonNumber(value) ? parseDecimal(String(value)) : null
}

function isRounded(text: string): boolean {
  return text.length >= 5 && text.length <= 820 && LONG_NUMBER.test(text) && typeof parseExactJson(text) === 'string'
}
