/**
 * @file Finds the compared names that no expected answer has: compared with nothing, they would pass everything.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case } from '../../eval/case.ts'
import type { SettingsProblem } from '../../eval/grader.ts'
import { nearestName } from '../options/check-options.ts'
import { fieldPath } from './json-field.ts'
import type { JsonObject } from './find-json-object.ts'

const OBJECTS_LISTED = 200

/** Null when each name is a member of some expected object, or when no case expects an object. `objectsOf` gives the objects of a case. */
export function unknownFields(
  cases: Iterable<Case>,
  names: readonly string[],
  { what, objectsOf }: { readonly what: string; readonly objectsOf: (row: Case) => readonly JsonObject[] },
): SettingsProblem | null {
  const missing = new Set(names)
  const known = new Set<string>()
  let seen = 0
  for (const row of cases) {
    for (const expected of objectsOf(row)) {
      if (seen++ < OBJECTS_LISTED) for (const key of Object.keys(expected)) known.add(key)
      for (const name of missing) if (has(expected, fieldPath(expected, name))) missing.delete(name)
    }
    if (missing.size === 0) return null
  }
  const [first] = missing
  if (first === undefined || seen === 0) return null
  const near = nearestName(first.replace(/^\//, ''), [...known])
  const list = [...known]
    .slice(0, 12)
    .map((name) => quoteUntrusted(name))
    .join(', ')
  return {
    problem: `it compares the ${what} ${quoteUntrusted(first)}, which no expected answer has`,
    fix: `${near === null ? '' : `did you mean ${quoteUntrusted(near)}? `}expected answers have ${list === '' ? 'no members' : list}`,
  }
}

function has(object: JsonObject, path: readonly string[]): boolean {
  let value: unknown = object
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as JsonObject)[key]
  }
  return true
}
