/**
 * @file How right one value of a JSON answer is: right or wrong for single values and choices, a share for lists and sets.
 */
import { canonicalJson } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import { normaliseText } from '../answer-text.ts'
import { compareField } from './compare-field.ts'
import type { FieldComparison } from './compare-field.ts'
import { commonAnyOrder, commonInOrder, f1, strictShare } from '../items/item-score.ts'
import { parseDecimal } from '../exact/decimal.ts'
import { isCalendarDay } from '../quantity/calendar-day.ts'
import { isShallow } from './json-depth.ts'
import { MAX_ITEMS } from '../items/split-items.ts'

/**
 * A comparison of single values, or one whose expected value is a list: `list` (items in order) and `set` (in any order), both with partial credit per
 * item; `one-of`: one of the expected values, compared exactly or as `{ oneOf: 'text' }` says; `subset`: a list of one or more of the expected items, each
 * at most once. Items of lists that are texts are compared without regard to letter case and white space, others exactly.
 */
export type PartComparison = FieldComparison | 'list' | 'set' | 'one-of' | 'subset' | { readonly oneOf: FieldComparison }

/** One value to compare. Missing values have been made null. */
export interface PartToScore {
  readonly given: JsonValue
  readonly gold: JsonValue
  readonly comparison: PartComparison
  readonly strict: boolean
}

/** From 0 to 1. For lists and sets: F1, or where `strict` each item too many costs as much as a right one earns. */
export function scorePart({ given, gold, comparison, strict }: PartToScore): number {
  const single = singleComparison(comparison)
  if (single !== null) {
    const accepted = isOneOf(comparison) && Array.isArray(gold) ? (gold as readonly JsonValue[]) : [gold]
    return accepted.some((value) => compareField({ given, gold: value, comparison: single, strict })) ? 1 : 0
  }
  if (gold === null || given === null) return gold === given ? 1 : 0
  if (!Array.isArray(gold) || !Array.isArray(given) || given.length > MAX_ITEMS || !isShallow(given, 100)) return 0
  if (gold.length === 0 || given.length === 0) return gold.length === given.length ? 1 : 0
  const [wanted, items] = [(gold as readonly JsonValue[]).map(keyOf), (given as readonly JsonValue[]).map(keyOf)]
  if (comparison === 'subset') return commonAnyOrder(items, wanted) === items.length ? 1 : 0
  const common = (comparison === 'list' ? commonInOrder : commonAnyOrder)(items, wanted)
  return (strict ? strictShare : f1)(common, items.length, wanted.length)
}

/** What an expected value would have to be for its comparison; null when it is that. A value that is expected as null may have any comparison. */
export function unusablePart(gold: JsonValue, comparison: PartComparison): string | null {
  if (gold === null) return null
  const single = singleComparison(comparison)
  if (single === null) return Array.isArray(gold) ? null : 'a list'
  const accepted = isOneOf(comparison) && Array.isArray(gold) ? (gold as readonly JsonValue[]) : [gold]
  if (accepted.length === 0) return 'a list with something in it'
  return accepted.every((value) => value === null || FITS[single](value)) ? null : WANTED[single]
}

const FITS: Readonly<Record<FieldComparison, (value: JsonValue) => boolean>> = {
  exact: () => true,
  text: (value) => typeof value === 'string',
  number: (value) => (typeof value === 'string' || typeof value === 'number') && parseDecimal(String(value)) !== null,
  date: (value) => typeof value === 'string' && isCalendarDay(value),
}
const WANTED: Readonly<Record<FieldComparison, string>> = { exact: '', text: 'a text', number: 'a number', date: 'a day like 2026-11-23' }

function isOneOf(comparison: PartComparison): boolean {
  return comparison === 'one-of' || typeof comparison === 'object'
}

/** How single values are compared; null for comparisons of lists. */
function singleComparison(comparison: PartComparison): FieldComparison | null {
  if (typeof comparison === 'object') return comparison.oneOf
  if (comparison === 'one-of') return 'exact'
  return comparison === 'list' || comparison === 'set' || comparison === 'subset' ? null : comparison
}

function keyOf(item: JsonValue): string {
  return canonicalJson(typeof item === 'string' ? normaliseText(item) : item)
}
