/**
 * @file How right one value of a JSON answer is: right or wrong for single values, a share for lists and sets.
 */
import { canonicalJson } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import { normaliseText } from '../answer-text.ts'
import { compareField } from './compare-field.ts'
import type { FieldComparison } from './compare-field.ts'
import { commonAnyOrder, commonInOrder, f1, strictShare } from '../items/item-score.ts'
import { isShallow } from './json-depth.ts'
import { MAX_ITEMS } from '../items/split-items.ts'

/**
 * A comparison of single values, or `list` (JSON arrays, items in order) and `set` (in any order), both with partial credit per item.
 * Items that are texts are compared without regard to letter case and white space, others exactly.
 */
export type PartComparison = FieldComparison | 'list' | 'set'

/** One value to compare. Missing values have been made null. */
export interface PartToScore {
  readonly given: JsonValue
  readonly gold: JsonValue
  readonly comparison: PartComparison
  readonly strict: boolean
}

/** From 0 to 1. For lists and sets: F1, or where `strict` each item too many costs as much as a right one earns. */
export function scorePart({ given, gold, comparison, strict }: PartToScore): number {
  if (comparison !== 'list' && comparison !== 'set') return compareField({ given, gold, comparison, strict }) ? 1 : 0
  if (gold === null || given === null) return gold === given ? 1 : 0
  if (!Array.isArray(gold) || !Array.isArray(given) || given.length > MAX_ITEMS || !isShallow(given, 100)) return 0
  if (gold.length === 0) return given.length === 0 ? 1 : 0
  const [wanted, items] = [(gold as readonly JsonValue[]).map(keyOf), (given as readonly JsonValue[]).map(keyOf)]
  const common = (comparison === 'list' ? commonInOrder : commonAnyOrder)(items, wanted)
  return (strict ? strictShare : f1)(common, items.length, wanted.length)
}

function keyOf(item: JsonValue): string {
  return canonicalJson(typeof item === 'string' ? normaliseText(item) : item)
}
