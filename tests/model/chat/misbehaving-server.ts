/**
 * @file A real OpenAI-compatible server without weights: what it answers is a function of messages and seed, and it misbehaves where it is told to.
 */
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '../../../src/base/hash.ts'
import { seededRandom } from '../../../src/base/seeded-random.ts'

export type Step = (response: ServerResponse) => void
export type Body = Readonly<Record<string, unknown>>

/** A request as it came; `nth` counts earlier ones with the same question. */
export interface Seen {
  readonly path: string
  readonly key: string | undefined
  readonly body: Body
  readonly question: string
  readonly nth: number
}

export interface ChatServerOptions {
  /** Part of every log-probability: other weights give other numbers. */
  weights?: () => string
  /** Null leaves the server to answer as it would. */
  behave?: (seen: Seen) => Step | null
  /** The answer's text. */
  say?: (question: string, random: number) => string
  readonly models?: readonly string[]
  readonly logProbs?: boolean
  /** How long an answer takes. */
  readonly delayMs?: (seen: Seen) => number
}

export interface ChatServer {
  readonly url: string
  readonly seen: Seen[]
  /** Those that were answered, by whatever means. */
  readonly answered: Seen[]
  close(): Promise<void>
}

export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const seen: Seen[] = []
  const answered: Seen[] = []
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const body = (text === '' ? {} : JSON.parse(text)) as Body
      const question = questionOf(body)
      const nth = counts.get(question) ?? 0
      counts.set(question, nth + 1)
      const one: Seen = { path: request.url ?? '', key: request.headers.authorization, body, question, nth }
      seen.push(one)
      const listed = json(200, { data: (options.models ?? ['scripted']).map((id) => ({ id })) })
      const usual = one.path === '/v1/models' ? listed : json(200, answerTo(one, options))
      const answer = options.behave?.(one) ?? usual
      const give = (): void => {
        if (response.destroyed) return
        answered.push(one)
        answer(response)
      }
      const delayMs = options.delayMs?.(one) ?? 0
      if (delayMs > 0) setTimeout(give, delayMs)
      else give()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    answered,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function questionOf(body: Body): string {
  if (typeof body['prompt'] === 'string') return body['prompt']
  const messages = (body['messages'] ?? []) as readonly { readonly content: string }[]
  return messages.at(-1)?.content ?? ''
}

function answerTo({ body, question, path }: Seen, options: ChatServerOptions): unknown {
  const random = body['temperature'] === 0 ? 0 : seededRandom(Number(body['seed'])).next()
  const said = (options.say ?? ((asked, drawn) => `${asked.length}:${Math.floor(drawn * 10)}`))(question, random)
  const wanted = Number(body['max_tokens'] ?? body['max_completion_tokens'])
  const tokens = Array.from(said).slice(0, wanted)
  const weights = options.weights?.() ?? 'w'
  const logProb = (token: string, at: number): number =>
    -Number.parseInt(sha256(`${weights}${question}${token}${at}`).slice(0, 6), 16) / 1e7
  const withNumbers = options.logProbs !== false && body['logprobs'] !== undefined
  const choice = { index: 0, finish_reason: said.length < wanted ? 'stop' : 'length' }
  const usage = { prompt_tokens: question.length, completion_tokens: tokens.length }
  const isText = path.endsWith('/v1/completions')
  const numbers = isText
    ? { tokens, token_logprobs: tokens.map(logProb) }
    : { content: tokens.map((token, at) => ({ token, logprob: logProb(token, at), top_logprobs: [] })) }
  const spoken = isText ? { text: tokens.join('') } : { message: { role: 'assistant', content: tokens.join('') } }
  return { choices: [{ ...choice, ...spoken, logprobs: withNumbers ? numbers : null }], usage }
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An answer that says it is JSON and is not. */
export const notJson: Step = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [')

/** The connection is cut before an answer. */
export const cut: Step = (response) => response.destroy()

/** The connection is cut in the middle of the answer. */
export const cutInside: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"choices": [', () => response.destroy())
}

/** Nothing ever comes. */
export const silent: Step = () => {}

/** Bytes keep coming and never end. */
export const trickle: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}
