/**
 * @file How long to wait before a request is tried again.
 */
const FIRST_MS = 250
const LONGEST_MS = 60_000

/**
 * The wait before try `tryCount` + 1, in milliseconds: what the server asked for in Retry-After (seconds or a date), else doubling from `firstMs`
 * (default: a quarter of a second), spread by half so that many clients do not come back together. Never more than a minute.
 */
export function retryDelayMs(tryCount: number, retryAfter: string | null, firstMs = FIRST_MS): number {
  const asked = retryAfter === null ? Number.NaN : askedMs(retryAfter)
  const wanted = Number.isFinite(asked) ? Math.max(0, asked) : firstMs * 2 ** (tryCount - 1) * (0.5 + Math.random())
  return Math.min(LONGEST_MS, wanted)
}

function askedMs(retryAfter: string): number {
  return /^\s*\d+(\.\d+)?\s*$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
}
