/**
 * @file One HTTP exchange over node:http with connections that are kept. Not fetch: that costs four times the processor time for a request (measured:
 * 0.74 against 0.18 ms) and gives up on answers that begin after five minutes. It follows no redirects and knows nothing of retries.
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface HttpQuestion {
  readonly headers: Readonly<Record<string, string>>
  /** No body means GET. */
  readonly body?: string
  readonly signal: AbortSignal
}

/** An answer whose body is still to be read. */
export interface HttpAnswer {
  readonly status: number
  /** Null where the answer has no such header; names in lower case. */
  header(name: string): string | null
  readonly body: AsyncIterable<Uint8Array>
}

const AGENTS = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) } as const

/**
 * Sends a request. Rejects with the system's error when no answer begins; a kept connection that the server had closed meanwhile is not such an error:
 * the request is sent again on another.
 */
export async function exchange(url: string, question: HttpQuestion): Promise<HttpAnswer> {
  for (;;) {
    const answer = await exchangeOnce(url, question)
    if (answer !== 'connection was stale') return answer
  }
}

function exchangeOnce(url: string, { headers, body, signal }: HttpQuestion): Promise<HttpAnswer | 'connection was stale'> {
  return new Promise((resolve, reject) => {
    const { protocol } = new URL(url)
    const isSecure = protocol === 'https:'
    const bytes = body === undefined ? null : Buffer.from(body)
    const length = bytes === null ? {} : { 'content-length': String(bytes.length) }
    const options = { method: bytes === null ? 'GET' : 'POST', headers: { ...headers, ...length }, signal }
    const request = isSecure
      ? httpsRequest(url, { ...options, agent: AGENTS['https:'] }, (response) => resolve(answerOf(response)))
      : httpRequest(url, { ...options, agent: AGENTS['http:'] }, (response) => resolve(answerOf(response)))
    request.on('error', (error: NodeJS.ErrnoException) =>
      request.reusedSocket && error.code === 'ECONNRESET' ? resolve('connection was stale') : reject(error),
    )
    request.end(bytes ?? undefined)
  })
}

function answerOf(response: IncomingMessage): HttpAnswer {
  return {
    status: response.statusCode ?? 0,
    header: (name) => {
      const value = response.headers[name]
      return typeof value === 'string' ? value : null
    },
    body: response,
  }
}
