/**
 * @file Tells refusals that no later try will better from those that pass: an account without credit, a wait of an hour, a prompt that does not fit.
 * Servers agree on no code for any of them, so their words are read too.
 */
import { ServerPauseTooLongError, ServerQuotaError } from './errors.ts'
import { LONGEST_ASKED_MS } from './retry-delay.ts'

/** A refusal as a server gave it. */
export interface Refusal {
  readonly status: number
  /** The server's own words for what kind of refusal it is, where it has any. */
  readonly code: string | null
  readonly text: string
}

const QUOTA_CODE =
  /insufficient_(?:quota|balance|funds|credits?)|quota_exceeded|billing|payment_required|account_(?:deactivated|suspended)|out_of_credits?/i
const QUOTA_TEXT =
  /exceeded your current quota|plan and billing|insufficient (?:account )?(?:balance|credits?|funds|quota)|credit balance|billing (?:hard )?limit|(?:run|ran) out of credits|not enough credits|payment required/i
const TOO_LONG =
  /context[_ -]?(?:length|size|window)|maximum (?:context|input|prompt|sequence)|max_model_len|prompt is too long|input is too long|too many (?:input )?tokens|reduce the length|string_above_max_length/i
const FILTERED = /content.?(?:filter|policy|management)|moderation|flagged/i

/**
 * The error that ends everything which asks this server; null for a refusal that may pass or that concerns one case only.
 * `askedMs` is the wait that the server asks for.
 */
export function lastingRefusal(where: string, refusal: Refusal, askedMs: number | null): ServerQuotaError | ServerPauseTooLongError | null {
  const { status, code, text } = refusal
  const isOutOf = status === 402 || (status >= 400 && status < 500 && QUOTA_CODE.test(code ?? ''))
  // Some say "quota" of a minute's limit as well, and then name the wait.
  const saysOutOf = (status === 400 || status === 403 || status === 429) && QUOTA_TEXT.test(text) && askedMs === null
  if (isOutOf || saysOutOf) return new ServerQuotaError({ where, status, text })
  const isTurnedAway = status === 429 || status === 503
  if (isTurnedAway && askedMs !== null && askedMs > LONGEST_ASKED_MS) return new ServerPauseTooLongError({ where, status, text, askedMs })
  return null
}

/** Whether a refusal is about the length of one prompt. */
export function isTooLong({ status, code, text }: Refusal): boolean {
  return status === 413 || ([400, 422].includes(status) && TOO_LONG.test(`${code ?? ''} ${text}`))
}

/** Whether a content filter refused one prompt. */
export function isFiltered({ code, text }: Pick<Refusal, 'code' | 'text'>): boolean {
  return FILTERED.test(`${code ?? ''} ${text}`)
}
