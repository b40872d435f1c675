/**
 * @file Finds a field in a JSON object by its name, or by a JSON pointer (RFC 6901) like /address/city where no field has that name.
 */
import type { JsonValue } from '../../base/json.ts'
import type { JsonObject } from './find-json-object.ts'

/** Where a field lies: the keys that lead to it. The expected object decides whether a name with a slash is a name or a pointer. */
export function fieldPath(expected: JsonObject, name: string): readonly string[] {
  if (!name.startsWith('/') || Object.hasOwn(expected, name)) return [name]
  return name
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value at a path, null where there is none. Own members only: an answer {} does not "have" toString. */
export function valueAt(object: JsonObject, path: readonly string[]): JsonValue {
  let value: unknown = object
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null
    value = (value as JsonObject)[key]
  }
  return (value ?? null) as JsonValue
}

/** Whether the object, or one that a path leads through, has a member that no path names. */
export function hasOtherMembers(value: unknown, paths: readonly (readonly string[])[]): boolean {
  if (typeof value !== 'object' || value === null || paths.some((path) => path.length === 0)) return false
  return Object.keys(value).some((key) => {
    const below = paths.filter(([first]) => first === key).map((path) => path.slice(1))
    return below.length === 0 || hasOtherMembers((value as JsonObject)[key], below)
  })
}
