/**
 * @file The little HTTP that the grader server needs: who may ask, what was sent, what is answered.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import { badRequest, type Refusal, type Reply } from './refusal.ts'

/** Whether a request carries `Authorization: Bearer <token>`; how long this takes says nothing about the token. */
export function isAuthorised(request: IncomingMessage, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`))
}

/** The body of a request against its schema, or a refusal that says what is wrong. @throws where the client went away */
export async function readMessage<T>(request: IncomingMessage, schema: z.ZodType<T>, limitBytes: number): Promise<Reply<T>> {
  const text = await readBody(request, limitBytes)
  if (text === null) return { refusal: tooLarge(request, limitBytes) }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refusal: badRequest('the body is not JSON') }
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { answer: parsed.data }
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'the body' : quoteUntrusted(issue.path.map(String).join('.'))
  return { refusal: badRequest(`${where}: ${quoteUntrusted(issue?.message ?? 'unknown', 200)}`) }
}

/** What is sent back. */
export interface JsonReply {
  readonly status: number
  readonly value: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Sends JSON; does nothing when the client has gone. */
export function sendJson(response: ServerResponse, { status, value, headers }: JsonReply): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers })
  response.end(body)
}

/** Text of the body, null when it is longer than the limit. What comes after the limit is not kept. */
function readBody(request: IncomingMessage, limitBytes: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    if (declaredBytes(request) > limitBytes) return resolve(null)
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= limitBytes) return void chunks.push(chunk)
      request.off('data', onData)
      chunks.length = 0
      resolve(null)
    }
    request.on('data', onData)
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

function declaredBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? Number.NaN)
}

/** A body of known and bearable length is read to its end and thrown away, so that the client reads the answer; any other one is cut off. */
function tooLarge(request: IncomingMessage, limitBytes: number): Refusal {
  const bearable = declaredBytes(request) <= 8 * limitBytes
  return {
    status: 413,
    code: 'TOO_LARGE',
    message: `the body is longer than ${limitBytes} bytes`,
    ...(bearable ? {} : { headers: { connection: 'close' } }),
  }
}
