/**
 * @file Reads the object in what a judge wrote: bare, in a fence, or in prose. An object that the judge copied from what it was shown is not its answer.
 */
import { canonicalJson } from '../../base/json.ts'
import { jsonObjectsIn, wholeJsonObject } from '../json/find-json-object.ts'
import type { JsonObject } from '../json/find-json-object.ts'
import { parseDecimal } from '../exact/decimal.ts'
import { isBlockDenied } from '../text/denial.ts'

/** The only object that is the judge's own; several that say the same are one. Null when there is none, or when it cannot be told which one counts. */
export function ownObject(text: string, shown: readonly string[]): JsonObject | null {
  const whole = wholeJsonObject(text)
  if (whole !== null) return whole
  const own = jsonObjectsIn(text).filter(({ start, end }) => !shown.some((one) => one.includes(text.slice(start, end))))
  const [first] = own
  if (first === undefined || own.some(({ object }) => canonicalJson(object) !== canonicalJson(first.object))) return null
  return own.some((span) => isBlockDenied(text, span)) ? null : first.object
}

/** The member of that name, in any letter case where no other one is meant. */
export function memberOf(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const alike = Object.keys(object).filter((key) => key.trim().toLowerCase() === name.toLowerCase())
  return alike.length === 1 ? object[alike[0] as string] : undefined
}

/** A number that was written as text, "5", as the number; anything else as it is. */
export function numberOfText(value: unknown): unknown {
  return typeof value === 'string' && parseDecimal(value) !== null ? Number(value.replaceAll(',', '')) : value
}

/** Said again to a judge whose answer had another form. */
export function askAgain(form: string): string {
  return `That answer cannot be read. Decide as before, and answer with one JSON object and nothing else, without text around it: ${form}`
}

/** Characters of an unreadable answer that its judge is shown again. */
export const SHOWN_AGAIN = 4000
