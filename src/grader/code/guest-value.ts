/**
 * @file Values as the guest prelude writes them, read as plain JSON-like data.
 */

/** Plain data from an encoded value: what has no JSON form (functions, undefined) is undefined, numbers like NaN stay numbers. */
export function plainValue(encoded: unknown): unknown {
  if (!Array.isArray(encoded)) return encoded
  const [tag, body] = encoded as unknown as readonly [string, unknown]
  if (tag === 'f') return Number(body)
  if (tag === 'a' || tag === 's') return (body as readonly unknown[]).map(plainValue)
  if (tag !== 'o') return undefined
  const members = (body as readonly (readonly [string, unknown])[]).map(([key, value]) => [key, plainValue(value)] as const)
  return Object.fromEntries(members)
}
