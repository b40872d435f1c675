/**
 * @file What the grader server says instead of an answer: values, because most of them are mended by asking again or asking rightly.
 */

/** A refusal as it goes over the wire: `{"code": …, "error": message}` with an HTTP status. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 500 | 503
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer, or why there is none. */
export type Reply<T> = { readonly answer: T } | { readonly refusal: Refusal }

/** A request that is not what the protocol says. */
export function badRequest(message: string): Refusal {
  return { status: 400, code: 'BAD_REQUEST', message }
}

/** A position in the training that was already taken by something else. */
export function conflict(message: string): Refusal {
  return { status: 409, code: 'CONFLICT', message }
}

/** Too much waits already: nothing of the request was taken. */
export function busy(message: string): Refusal {
  return { status: 503, code: 'BUSY', message, headers: { 'retry-after': '1' } }
}

/** The training is to end: asking again is of no use. */
export function ended(status: 403 | 500, error: { readonly code: string; readonly message: string }): Refusal {
  return { status, code: error.code, message: error.message }
}
