/**
 * @file How deep a value is nested: what walks a value by recursion must know that it will come back.
 */

/** Whether a value that JSON.parse gave is nested at most `limit` levels deep. */
export function isShallow(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return limit > 0 && Object.values(value).every((member) => isShallow(member, limit - 1))
}
