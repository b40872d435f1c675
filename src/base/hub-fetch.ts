/**
 * @file Asks the hub over HTTP: with the token where it belongs, again after answers that pass, and never where asking is forbidden. What is asked for,
 * it does not know.
 */
import { setTimeout } from 'node:timers/promises'
import { hubEndpoint, hubToken, isHubOffline } from './hub-repository.ts'
import { quoteUntrusted } from './untrusted-text.ts'

const ANSWER_LIMIT_MS = 30_000
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 20_000
/** Tries of one request. */
export const HUB_TRIES = 4
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** An answer that is not what was asked for, or none. */
export class HubRequestFailure extends Error {
  /** null when the hub could not be reached at all. */
  readonly status: number | null
  /** What the hub calls it, for example "GatedRepo". */
  readonly hubCode: string | null
  readonly sentToken: boolean

  constructor(reason: string, details: { status?: number; hubCode?: string | null; sentToken?: boolean; cause?: unknown } = {}) {
    super(reason, { cause: details.cause })
    this.status = details.status ?? null
    this.hubCode = details.hubCode ?? null
    this.sentToken = details.sentToken ?? false
  }
}

/** A `fetch` that asks up to `tries` times and throws HubRequestFailure for every answer but a good one. */
export function hubFetch(tries: number): typeof fetch {
  return async (input, init) => {
    if (isHubOffline()) throw new HubRequestFailure('HF_HUB_OFFLINE is set')
    const url = input instanceof Request ? input.url : String(input)
    for (let attempt = 1; ; attempt++) {
      const failure = await attemptOnce(url, init)
      if (!(failure instanceof HubRequestFailure)) return failure
      const waitMs = attempt < tries ? waitBefore(failure, attempt) : null
      if (waitMs === null) throw failure
      await setTimeout(waitMs)
    }
  }
}

class PassingFailure extends HubRequestFailure {
  readonly retryAfterMs: number | null

  constructor(reason: string, retryAfterMs: number | null, details: ConstructorParameters<typeof HubRequestFailure>[1]) {
    super(reason, details)
    this.retryAfterMs = retryAfterMs
  }
}

/** null where asking again is of no use, or would take too long. */
function waitBefore(failure: HubRequestFailure, attempt: number): number | null {
  if (!(failure instanceof PassingFailure)) return null
  const waitMs = failure.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1)
  return waitMs > LONGEST_WAIT_MS ? null : waitMs
}

async function attemptOnce(url: string, init: RequestInit | undefined): Promise<Response | HubRequestFailure> {
  const token = tokenFor(url)
  const headers = new Headers(init?.headers)
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
  const patience = new AbortController()
  // Only the answer's head has a limit here: a long file takes as long as it takes.
  const timer = globalThis.setTimeout(() => patience.abort(), ANSWER_LIMIT_MS)
  const signal = init?.signal == null ? patience.signal : AbortSignal.any([init.signal, patience.signal])
  try {
    const response = await fetch(url, { ...init, headers, signal })
    return response.ok ? response : await refusalOf(response, token !== undefined)
  } catch (cause) {
    if (patience.signal.aborted) return new PassingFailure(`no answer within ${ANSWER_LIMIT_MS / 1000} s`, null, { cause })
    return new HubRequestFailure(quoteUntrusted(reasonOf(cause), 100), { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** The token is for the hub that the user named, whoever else an address may lead to. */
function tokenFor(url: string): string | undefined {
  return new URL(url).origin === new URL(hubEndpoint()).origin ? hubToken() : undefined
}

async function refusalOf(response: Response, sentToken: boolean): Promise<HubRequestFailure> {
  const { status, statusText, headers } = response
  await response.body?.cancel()
  const details = { status, hubCode: headers.get('X-Error-Code'), sentToken }
  const reason = `it answered ${status}${statusText === '' ? '' : ` ${quoteUntrusted(statusText, 40)}`}`
  if (!PASSING_STATUS.has(status)) return new HubRequestFailure(reason, details)
  const seconds = headers.get('Retry-After')
  const retryAfterMs = seconds === null || !/^\d+$/.test(seconds) ? null : Number(seconds) * 1000
  return new PassingFailure(retryAfterMs === null ? reason : `${reason}, to be asked again after ${seconds} s`, retryAfterMs, details)
}

/** The innermost message: fetch hides "connect ECONNREFUSED" in a cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
