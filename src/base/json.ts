/**
 * @file JSON as a type, and its canonical text: the same value always gives the same characters, so it can be hashed and compared.
 */

/** Anything that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** JSON text with keys sorted by code unit at every level and no white space. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const source = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(source)
      .toSorted()
      .map((key) => [key, sortKeys(source[key])]),
  )
}

/** Whether a value survives JSON unchanged: no undefined, functions, dates, NaN or infinities, and at most 200 levels deep. */
export function isJsonValue(value: unknown, depth = 0): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth >= 200) return false
  if (Array.isArray(value)) return value.every((item) => isJsonValue(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects from another realm (vitest runs files in one) have a prototype of their own whose prototype is null.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null
  return plain && Object.values(value).every((item) => isJsonValue(item, depth + 1))
}
