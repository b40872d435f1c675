/**
 * @file Compares one value of a JSON answer with the expected one.
 */
import type { JsonValue } from '../../base/json.ts'
import { normaliseText } from '../answer-text.ts'
import { decimalsEqual, parseDecimal } from '../exact/decimal.ts'
import { exactNumber, isJsonNumber } from './exact-number.ts'
import { isCalendarDay } from '../quantity/calendar-day.ts'

/** `exact`: the same JSON value; `text`: letter case, Unicode form and white space do not count; `number`: the same number; `date`: the same calendar day. */
export type FieldComparison = 'exact' | 'text' | 'number' | 'date'

/** One comparison. `strict` asks for a JSON number where a number is expected; otherwise "12" counts as 12. */
export interface FieldToCompare {
  readonly given: JsonValue
  readonly gold: JsonValue
  readonly comparison: FieldComparison
  readonly strict: boolean
}

/** Whether the given value is right. A missing value has been made null by the caller; null is only right where null is expected. */
export function compareField({ given, gold, comparison, strict }: FieldToCompare): boolean {
  if (gold === null || given === null) return gold === given
  if (comparison === 'text') return typeof given === 'string' && typeof gold === 'string' && normaliseText(given) === normaliseText(gold)
  if (comparison === 'date') return typeof given === 'string' && given === gold && isCalendarDay(given)
  if (comparison === 'number') return sameNumber(given, gold, strict)
  return sameJson(given, gold)
}

function sameNumber(given: JsonValue, gold: JsonValue, strict: boolean): boolean {
  if (strict && isJsonNumber(given) !== isJsonNumber(gold)) return false
  const [a, b] = [given, gold].map((value) => (typeof value === 'number' || typeof value === 'string' ? parseDecimal(String(value)) : null))
  return a != null && b != null && decimalsEqual(a, b)
}

/** The same value, or the same number in other digits where JavaScript cannot hold it. */
function sameScalar(given: JsonValue, gold: JsonValue): boolean {
  if (given === gold) return true
  const [a, b] = [exactNumber(given), exactNumber(gold)]
  return a !== null && b !== null && decimalsEqual(a, b)
}

/** Equality of JSON values, whatever the order of keys. Its depth is bounded by the expected value's. */
export function sameJson(given: JsonValue, gold: JsonValue): boolean {
  if (typeof given !== 'object' || typeof gold !== 'object' || given === null || gold === null) return sameScalar(given, gold)
  if (Array.isArray(given) !== Array.isArray(gold)) return false
  const [a, b] = [given as Readonly<Record<string, JsonValue>>, gold as Readonly<Record<string, JsonValue>>]
  const keys = Object.keys(b)
  if (Object.keys(a).length !== keys.length) return false
  return keys.every((key) => Object.hasOwn(a, key) && sameJson(a[key] as JsonValue, b[key] as JsonValue))
}
