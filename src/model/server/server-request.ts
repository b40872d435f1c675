/**
 * @file One request to a model server over HTTP: bearer token, bounded retries, an answer in one piece or in lines with progress before it.
 * It knows nothing of what is asked.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../../base/errors.ts'
import { ServerAnswerInvalidError, ServerRefusedError, ServerUnreachableError } from './errors.ts'
import { exchange } from './http-exchange.ts'
import { lastingRefusal } from './lasting-refusal.ts'
import { readAnswer } from './read-answer.ts'
import type { AnswerProgress, ServerAnswer } from './read-answer.ts'
import { askedWaitMs, retryDelayMs } from './retry-delay.ts'

/** A server, and how patiently it is asked. */
export interface ServerAccess {
  /** Where it is now; asked before every try with the number of tries that failed, so that whoever manages the server can mend it in between. */
  readonly url: string | ((failedTries: number) => Promise<string>)
  readonly token: string | null
  /** How long nothing may come from the server before a try counts as failed. */
  readonly timeoutMs: number
  /** Tries after the first. */
  readonly retries: number
}

/** What is asked of a path. No body means GET. */
export interface ServerRequest {
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly onProgress?: ((progress: AnswerProgress) => void) | undefined
  /** Ends the try from outside. */
  readonly signal?: AbortSignal | undefined
}

/** A try that failed in a way that another try may better. */
export class FailedTry extends Error {
  /** The wait that the server asks for. */
  readonly askedMs: number | null
  /** HTTP's status; null where no answer came. */
  readonly status: number | null
  /** Whether nothing listens at the address. */
  readonly isRefusedConnection: boolean

  constructor(reason: string, options: { readonly askedMs?: number | null; readonly status?: number; readonly cause?: unknown } = {}) {
    super(reason, { cause: options.cause })
    this.askedMs = options.askedMs ?? null
    this.status = options.status ?? null
    this.isRefusedConnection = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(reason)
  }
}

/**
 * The answer's JSON, undefined when the answer is no JSON (vLLM confirms some requests in words).
 * Tried again: lost connections, silence, 429, 503 and other 5xx; not a server that is out of memory.
 * @throws ServerUnreachableError, ServerRefusedError, ServerAnswerInvalidError
 */
export async function sendRequest(access: ServerAccess, request: ServerRequest): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const url = typeof access.url === 'string' ? access.url : await access.url(tries - 1)
    const where = `${url}${request.path}`
    try {
      return (await tryRequest({ ...access, url }, request)).json
    } catch (error) {
      if (isHoldfastError(error)) throw error
      const failure = error as Error
      if (tries > access.retries)
        throw new ServerUnreachableError({ where, reason: `${failure.message} (tried ${tries} times)` }, { cause: failure })
      await delay(retryDelayMs(tries, error instanceof FailedTry ? error.askedMs : null))
    }
  }
}

/**
 * One try: a good answer, with its JSON as `sendRequest` gives it.
 * @throws FailedTry where another try may help, ServerRefusedError, ServerAnswerInvalidError; ServerQuotaError and ServerPauseTooLongError where only
 * time or money does
 */
export async function tryRequest(
  access: Pick<ServerAccess, 'token' | 'timeoutMs'> & { readonly url: string },
  request: ServerRequest,
): Promise<ServerAnswer> {
  const where = `${access.url}${request.path}`
  const silence = silenceAlarm(access.timeoutMs, request.signal)
  try {
    const response = await exchange(where, {
      headers: { 'content-type': 'application/json', ...(access.token === null ? {} : { authorization: `Bearer ${access.token}` }) },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: silence.signal,
    })
    const answer = await readAnswer(response, { onProgress: request.onProgress, onData: silence.reset })
    if (answer.status < 300) {
      if (answer.problem !== null) throw new ServerAnswerInvalidError({ where, problem: answer.problem })
      return answer
    }
    const askedMs = askedWaitMs({
      retryAfter: response.header('retry-after'),
      retryAfterMs: response.header('retry-after-ms'),
      text: answer.text,
    })
    const lasting = lastingRefusal(where, answer, askedMs)
    if (lasting !== null) throw lasting
    const isPassing = answer.status === 429 || (answer.status >= 500 && answer.code !== 'out_of_memory')
    if (isPassing) throw new FailedTry(`status ${answer.status}: ${answer.text}`, { status: answer.status, askedMs })
    throw new ServerRefusedError({ where, status: answer.status, serverCode: answer.code, text: answer.text })
  } catch (error) {
    if (isHoldfastError(error) || error instanceof FailedTry) throw error
    throw new FailedTry(silence.signal.aborted ? `nothing came for ${access.timeoutMs / 1000} seconds` : reasonOf(error), { cause: error })
  } finally {
    silence.end()
  }
}

/** A signal that aborts when nothing has been heard for a while. A timer that itself came late says nothing of the server: then it waits once more. */
function silenceAlarm(timeoutMs: number, outside: AbortSignal | undefined): { readonly signal: AbortSignal; reset(): void; end(): void } {
  const controller = new AbortController()
  let dueMs = performance.now() + timeoutMs
  const reset = (): void => {
    dueMs = performance.now() + timeoutMs
    timer.refresh()
  }
  const endFromOutside = (): void => controller.abort()
  outside?.addEventListener('abort', endFromOutside)
  const timer: NodeJS.Timeout = setTimeout(() => (performance.now() - dueMs > LATE_MS ? reset() : controller.abort()), timeoutMs)
  const end = (): void => {
    clearTimeout(timer)
    outside?.removeEventListener('abort', endFromOutside)
  }
  return { signal: controller.signal, reset, end }
}

/** A timer later than this waited for a busy event loop. */
const LATE_MS = 250

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && !text.includes(code) ? `${code} ${text}`.trim() : text
}
