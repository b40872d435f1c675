/**
 * @file Asks a server one thing at the server's pace: bounded tries with jitter, a limit on the time of one case, answers checked before they are believed.
 * What goes wrong with one case is a value; what would go wrong with every case is an error.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { TIMED_OUT, withinDeadline } from '../../base/deadline.ts'
import { ServerAnswerInvalidError, ServerRefusedError, ServerUnreachableError } from '../server/errors.ts'
import { retryDelayMs } from '../server/retry-delay.ts'
import { FailedTry, tryRequest } from '../server/server-request.ts'
import type { Passage, ServerGate } from './server-gate.ts'

/** A server, and how patiently it is asked. */
export interface ChatAccess {
  readonly url: string
  readonly key: string | null
  readonly gate: ServerGate
  /** How long nothing may come before a try counts as failed. */
  readonly timeoutMs: number
  /** How long the tries of one case may take together; waiting for a turn does not count. */
  readonly caseTimeoutMs: number
  /** Tries after the first that failed; being turned away (429, 503) has a count of its own. */
  readonly retries: number
}

/** Why one case got no answer. */
export interface CaseFailure {
  readonly kind: 'failed' | 'filtered' | 'refused'
  readonly reason: string
}

/** What to ask, and how to tell a usable answer. */
export interface Asking<T> {
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  read(json: unknown): T | { readonly problem: string }
}

const TURNED_AWAY_TRIES = 12
/** The first wait after a failure, and after being turned away without a time named: that costs the server little, and the gate sees to the pace. */
const FAILED_MS = 250
const TURNED_AWAY_MS = 50

type Tried<T> = { readonly answer: T } | { readonly again: string; readonly error?: FailedTry } | { readonly failure: CaseFailure }

/**
 * The answer, or why this case has none. After `signal` no try is begun; the one under way ends by itself.
 * @throws ServerRefusedError for a wrong key and an unknown model or path, ServerUnreachableError when nothing listens, and the signal's reason
 */
export async function askServer<T>(
  access: ChatAccess,
  asking: Asking<T>,
  signal?: AbortSignal,
): Promise<{ answer: T } | { failure: CaseFailure }> {
  let leftMs = access.caseTimeoutMs
  let failed = 0
  let turnedAway = 0
  for (;;) {
    const passage = await access.gate.enter(failed + turnedAway > 0, signal)
    const beganMs = performance.now()
    const tried = await tryCase(access, asking, leftMs).catch((error: unknown) => {
      passage.drop()
      throw error
    })
    leftMs -= performance.now() - beganMs
    if (!('again' in tried)) {
      passage.succeed()
      return tried
    }
    if (isTurnedAway(tried.error)) turnedAway += 1
    else failed += 1
    leave(passage, tried.error)
    if (failed > access.retries || turnedAway > TURNED_AWAY_TRIES || leftMs <= 0) return giveUp(access, asking, tried)
    const wait = isTurnedAway(tried.error) ? { tries: turnedAway, firstMs: TURNED_AWAY_MS } : { tries: failed, firstMs: FAILED_MS }
    await delay(retryDelayMs(wait.tries, tried.error?.retryAfter ?? null, wait.firstMs), undefined, { signal })
  }
}

function giveUp({ url }: ChatAccess, { path }: { readonly path: string }, tried: { readonly again: string; readonly error?: FailedTry }) {
  if (tried.error?.isRefusedConnection === true) throw new ServerUnreachableError(`${url}${path}`, tried.again, tried.error)
  return { failure: { kind: 'failed' as const, reason: tried.again } }
}

function isTurnedAway(error: FailedTry | undefined): boolean {
  return error?.status === 429 || error?.status === 503
}

function leave(passage: Passage, error: FailedTry | undefined): void {
  if (!isTurnedAway(error)) return passage.drop()
  const asked = error?.retryAfter ?? null
  passage.refuse(asked === null ? null : retryDelayMs(1, asked))
}

async function tryCase<T>(access: ChatAccess, asking: Asking<T>, leftMs: number): Promise<Tried<T>> {
  const controller = new AbortController()
  const { path, body } = asking
  const request = { path, ...(body === undefined ? {} : { body }), signal: controller.signal }
  try {
    const sent = tryRequest({ url: access.url, token: access.key, timeoutMs: access.timeoutMs }, request)
    const json = await withinDeadline(sent, { deadlineMs: leftMs })
    if (json === TIMED_OUT) {
      controller.abort()
      return { failure: { kind: 'failed', reason: `no whole answer within ${access.caseTimeoutMs / 1000} seconds` } }
    }
    const read = asking.read(json)
    return isProblem(read) ? { again: `an answer that cannot be used: ${read.problem}` } : { answer: read }
  } catch (error) {
    if (error instanceof FailedTry) return { again: error.message, error }
    if (error instanceof ServerAnswerInvalidError) return { again: error.summary }
    if (error instanceof ServerRefusedError && ![401, 403, 404].includes(error.status)) return { failure: refusalOf(error) }
    throw error
  }
}

function isProblem(read: unknown): read is { readonly problem: string } {
  return typeof read === 'object' && read !== null && 'problem' in read
}

function refusalOf({ serverCode, summary }: ServerRefusedError): CaseFailure {
  const isFiltered = /content.?(?:filter|policy|management)/i.test(`${serverCode ?? ''} ${summary}`)
  return { kind: isFiltered ? 'filtered' : 'refused', reason: summary }
}
