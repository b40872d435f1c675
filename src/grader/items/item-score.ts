/**
 * @file How much of an expected list or set an answer has.
 */
import { normaliseText } from '../answer-text.ts'
import { parseDecimal } from '../exact/decimal.ts'
import { parseMoment } from '../quantity/written-date.ts'

/** `exact`: the same text; `text`: letter case, Unicode form and white space do not count; `number`: the same number; `date`: the same moment. */
export type ItemComparison = 'exact' | 'text' | 'number' | 'date'

/** Items that are the same have the same key; what is no number or date has a key of its own text. */
export function itemKey(item: string, comparison: ItemComparison): string {
  if (comparison === 'text') return normaliseText(item)
  if (comparison === 'number') return keyOf(parseDecimal(item), item)
  return comparison === 'date' ? keyOf(parseMoment(item, null), item) : item.trim()
}

/** Length of the longest run of items that both lists have in the same order, other items left out. */
export function commonInOrder(a: readonly string[], b: readonly string[]): number {
  let above = new Uint16Array(b.length + 1)
  for (const item of a) {
    const row = new Uint16Array(b.length + 1)
    for (let at = 0; at < b.length; at++)
      row[at + 1] = item === b[at] ? (above[at] as number) + 1 : Math.max(above[at + 1] as number, row[at] as number)
    above = row
  }
  return above[b.length] as number
}

/** How many of the given items are wanted, each wanted item once. */
export function commonAnyOrder(given: readonly string[], wanted: readonly string[]): number {
  const left = new Map<string, number>()
  for (const item of wanted) left.set(item, (left.get(item) ?? 0) + 1)
  let common = 0
  for (const item of given) {
    const count = left.get(item) ?? 0
    if (count > 0) common += 1
    left.set(item, count - 1)
  }
  return common
}

/** Share of the wanted items after each item too many has cost as much as a right one earns; not below 0. */
export function strictShare(common: number, given: number, wanted: number): number {
  return Math.max(0, common - (given - common)) / wanted
}

/** F1: twice the common items by all items of both. */
export function f1(common: number, given: number, wanted: number): number {
  return (2 * common) / (given + wanted)
}

function keyOf(value: object | null, item: string): string {
  return value === null ? `text ${normaliseText(item)}` : JSON.stringify(value)
}
