/**
 * @file How long to wait before a request is tried again, and how long a server asks us to.
 */
const FIRST_MS = 250
const LONGEST_MS = 60_000

/** The longest wait that a server may ask for: whoever is to wait longer had better come back. */
export const LONGEST_ASKED_MS = 300_000

/**
 * The wait before try `tryCount` + 1, in milliseconds: what the server asked for, else doubling from `firstMs` (default: a quarter of a second) up to a
 * minute, spread by half so that many clients do not come back together.
 */
export function retryDelayMs(tryCount: number, askedMs: number | null, firstMs = FIRST_MS): number {
  return askedMs ?? Math.min(LONGEST_MS, firstMs * 2 ** (tryCount - 1) * (0.5 + Math.random()))
}

/** What a refusal holds about when to come back. */
export interface AskedWait {
  /** Retry-After: seconds or a date. */
  readonly retryAfter: string | null
  /** The same in milliseconds, as some servers add it. */
  readonly retryAfterMs: string | null
  /** The server's words, which may be all that names a time. */
  readonly text: string
}

/** The wait that a server asks for in milliseconds; null where it names none that can be understood. */
export function askedWaitMs({ retryAfter, retryAfterMs, text }: AskedWait): number | null {
  const asked = [numberOf(retryAfterMs), headerMs(retryAfter), spokenMs(text)].find((wait) => Number.isFinite(wait))
  return asked === undefined ? null : Math.max(0, asked)
}

function numberOf(text: string | null): number {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN
}

function headerMs(retryAfter: string | null): number {
  if (retryAfter === null) return Number.NaN
  const seconds = numberOf(retryAfter)
  return Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now()
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const AMOUNT = /(?<amount>\d+(?:\.\d+)?)\s*(?<unit>ms|milliseconds?|s|sec(?:onds?)?|m|min(?:utes?)?|h|hours?|d|days?)\b/gi
const SPOKEN =
  /(?:try again|retry|wait)(?:\s+\w+){0,2}?\s+(?<wait>(?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)[\s,]*(?:and\s+)?)+)/i

/** "Please try again in 7m12.5s", "retry in 34.07s", "wait 2 minutes". */
function spokenMs(text: string): number {
  // Units that follow each other without a space have no word boundary between them.
  const wait = SPOKEN.exec(text)?.groups?.['wait']?.replace(/(?<=[a-z])(?=\d)/gi, ' ')
  if (wait === undefined) return Number.NaN
  return [...wait.matchAll(AMOUNT)].reduce((sum, { groups }) => {
    const unit = (groups?.['unit'] ?? '').toLowerCase()
    return sum + Number(groups?.['amount']) * (UNITS_MS[unit.startsWith('milli') || unit === 'ms' ? 'ms' : unit.charAt(0)] ?? 0)
  }, 0)
}
