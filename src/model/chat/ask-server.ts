/**
 * @file Asks a server one thing at the server's pace: bounded tries with jitter, a limit on the time of one case, answers checked before they are believed.
 * What goes wrong with one case is a value; what would go wrong with every case is an error.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { TIMED_OUT, withinDeadline } from '../../base/deadline.ts'
import { ServerAnswerInvalidError, ServerBusyError, ServerRefusedError, ServerUnreachableError } from '../server/errors.ts'
import { isFiltered, isTooLong } from '../server/lasting-refusal.ts'
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
  /** How long a server may turn everything away before nobody waits for it any more. */
  readonly busyMs: number
  /** Told of waits that somebody who looks on would wonder at. */
  readonly onWait?: OnWait | undefined
}

/** Why a request is waited with, and for how long. */
export type OnWait = (reason: string, waitMs: number) => void

/** Why one case got no answer. */
export interface CaseFailure {
  readonly kind: 'failed' | 'filtered' | 'refused' | 'too-long'
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
/** Shorter waits are not worth a word. */
const TOLD_MS = 2000

type Tried<T> = { readonly answer: T } | { readonly again: string; readonly error?: FailedTry } | { readonly failure: CaseFailure }

/**
 * The answer, or why this case has none. After `signal` no try is begun; the one under way ends by itself.
 * @throws ServerRefusedError for a wrong key and an unknown model or path, ServerQuotaError, ServerPauseTooLongError and ServerBusyError where trying on
 * would only cost time, ServerUnreachableError when nothing listens, and the signal's reason
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
    const turnedAwayMs = access.gate.turnedAwayMs()
    if (isTurnedAway(tried.error) && turnedAwayMs > access.busyMs)
      throw new ServerBusyError({ where: `${access.url}${asking.path}`, busyMs: turnedAwayMs, reason: tried.again })
    if (failed > access.retries || turnedAway > TURNED_AWAY_TRIES || leftMs <= 0) return giveUp(access, asking, tried)
    const wait = isTurnedAway(tried.error) ? { tries: turnedAway, firstMs: TURNED_AWAY_MS } : { tries: failed, firstMs: FAILED_MS }
    const waitMs = retryDelayMs(wait.tries, tried.error?.askedMs ?? null, wait.firstMs)
    if (waitMs >= TOLD_MS) access.onWait?.(tried.again, waitMs)
    await delay(waitMs, undefined, { signal })
  }
}

function giveUp({ url }: ChatAccess, { path }: { readonly path: string }, tried: { readonly again: string; readonly error?: FailedTry }) {
  if (tried.error?.isRefusedConnection === true)
    throw new ServerUnreachableError({ where: `${url}${path}`, reason: tried.again }, { cause: tried.error })
  return { failure: { kind: 'failed' as const, reason: tried.again } }
}

function isTurnedAway(error: FailedTry | undefined): boolean {
  return error?.status === 429 || error?.status === 503
}

function leave(passage: Passage, error: FailedTry | undefined): void {
  if (!isTurnedAway(error)) return passage.drop()
  passage.refuse(error?.askedMs ?? null)
}

async function tryCase<T>(access: ChatAccess, asking: Asking<T>, leftMs: number): Promise<Tried<T>> {
  const controller = new AbortController()
  const { path, body } = asking
  const request = { path, ...(body === undefined ? {} : { body }), signal: controller.signal }
  try {
    const sent = tryRequest({ url: access.url, token: access.key, timeoutMs: access.timeoutMs }, request)
    const answer = await withinDeadline(sent, { deadlineMs: leftMs })
    if (answer === TIMED_OUT) {
      controller.abort()
      return { failure: { kind: 'failed', reason: `no whole answer within ${access.caseTimeoutMs / 1000} seconds` } }
    }
    const read = asking.read(answer.json)
    if (!isProblem(read)) return { answer: read }
    return { again: `an answer that cannot be used: ${answer.json === undefined ? answer.came : read.problem}` }
  } catch (error) {
    if (error instanceof FailedTry) return { again: error.message, error }
    if (error instanceof ServerAnswerInvalidError) return { again: error.summary }
    const failure = error instanceof ServerRefusedError ? refusalOf(error) : null
    if (failure !== null) return { failure }
    throw error
  }
}

function isProblem(read: unknown): read is { readonly problem: string } {
  return typeof read === 'object' && read !== null && 'problem' in read
}

/** Null for a refusal that every other case would get too. */
function refusalOf({ data, summary }: ServerRefusedError): CaseFailure | null {
  const { status } = data
  const refusal = { status, code: data.serverCode, text: summary }
  if (status !== 401 && status !== 404 && isFiltered(refusal)) return { kind: 'filtered', reason: summary }
  if ([401, 403, 404].includes(status)) return null
  return { kind: isTooLong(refusal) ? 'too-long' : 'refused', reason: summary }
}
