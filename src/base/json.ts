/**
 * @file JSON as a type, and its canonical text: the same value always gives the same characters, so it can be hashed and compared.
 */

/** Anything that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** JSON text with keys sorted by code unit at every level and no white space. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  // Text is put together here, not sorted copies made and written: most of the cost of hashing a case was the copies.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return canonicalArray(value)
  return canonicalObject(value as Readonly<Record<string, unknown>>)
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '['
  for (let at = 0; at < items.length; at++) {
    if (at > 0) text += ','
    // JSON has nothing for undefined and functions: null inside of lists.
    text += canonicalJson(items[at]) ?? 'null'
  }
  return `${text}]`
}

function canonicalObject(source: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(source).toSorted()
  // Objects keep keys that are whole numbers first and by size, whatever order they are given in, and may bring a toJSON of their own.
  if (keys.some((key) => isDigit(key.charCodeAt(0)) || typeof source[key] === 'function')) return JSON.stringify(sortKeys(source))
  let text = ''
  for (const key of keys) {
    const value = canonicalJson(source[key]) as string | undefined
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${value}`
  }
  return `{${text}}`
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
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
