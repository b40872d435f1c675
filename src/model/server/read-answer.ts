/**
 * @file Reads a model server's answer: JSON in one piece, words, events, or lines of JSON with progress before the result, and errors in the shapes that
 * servers have. Secrets that a server sends back are taken out here, before anybody sees them.
 */
import { z } from 'zod'
import { redactJson, redactSecrets } from '../../base/secrets.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { isEventStream, joinEvents } from './event-stream.ts'
import type { HttpAnswer } from './http-exchange.ts'

/** Progress of a long request, from the server's own lines. */
export interface AnswerProgress {
  readonly done: number
  readonly total: number
  readonly tokens: number
}

/** An answer, good or bad. */
export interface ServerAnswer {
  readonly status: number
  /** Undefined where the answer was in words. */
  readonly json: unknown
  /** What is wrong with an answer that says it is good. */
  readonly problem: string | null
  /** Of an error: the server's code and message. */
  readonly code: string | null
  readonly text: string
  /** What came, for somebody to whom its form says something: status, content type, beginning. */
  readonly came: string
}

/** Characters of the longest answer that is read: a server that never stops must not fill the memory. */
const LONGEST_ANSWER = 2 ** 28

interface Listeners {
  readonly onProgress?: ((progress: AnswerProgress) => void) | undefined
  readonly onData: () => void
}

const word = z.union([z.string(), z.number()]).nullish().catch(null)
const error = z.object({ message: z.string(), code: word, type: word })
const spoken = z.string().transform((message) => ({ message, code: null, type: null }))
/** OpenAI's shape; vLLM's older one without the envelope; Ollama's; that of Python's web frameworks. */
const refusalSchema = z.union([
  z.object({ error: z.union([error, spoken]) }).transform((body) => body.error),
  error,
  z.object({ detail: spoken }).transform((body) => body.detail),
])
const lineSchema = z.union([
  z.object({ progress: z.object({ done: z.number(), total: z.number(), tokens: z.number() }) }),
  z.object({ result: z.unknown() }).refine((line) => 'result' in line),
  z.object({ error: z.object({ message: z.string(), code: word }), status: z.int() }),
])

/** Reads to the end of the answer. Throws what the connection throws, and a plain error when lines end without a result: the connection was cut. */
export async function readAnswer(response: HttpAnswer, listeners: Listeners): Promise<ServerAnswer> {
  const isLines = response.header('content-type')?.startsWith('application/x-ndjson') === true
  if (isLines) return await readLines(response, listeners)
  let text = ''
  for await (const piece of pieces(response, listeners.onData)) {
    text += piece
    if (text.length > LONGEST_ANSWER) throw new Error('the answer is longer than any completion')
  }
  const contentType = response.header('content-type')
  const came = describe(response, text)
  if (response.status >= 300) return { status: response.status, came, ...refusalOf(withAddress(response, text)) }
  if (isEventStream(contentType, text)) return { ...good(200, 'null', came), json: redactJson(joinEvents(text)) }
  const isJson = contentType?.startsWith('application/json') === true
  const json = parseJson(text)
  // JSON under another name is JSON all the same; words are not.
  return isJson || (typeof json === 'object' && json !== null)
    ? good(response.status, text, came)
    : { ...good(response.status, 'null', came), json: undefined }
}

/** A page that sends people elsewhere says in its header where. */
function withAddress(response: HttpAnswer, text: string): string {
  const address = response.header('location')
  return address === null ? text : `it sends on to ${address} ${text}`.trim()
}

function describe(response: HttpAnswer, text: string): string {
  const type = response.header('content-type')
  const begins = text.trim() === '' ? 'without any content' : `beginning with ${quoteUntrusted(text.trim(), 120)}`
  return `status ${response.status}, ${type === null ? 'no content type' : `content type ${quoteUntrusted(type, 80)}`}, ${begins}`
}

async function readLines(response: HttpAnswer, { onProgress, onData }: Listeners): Promise<ServerAnswer> {
  let rest = ''
  const came = describe(response, '')
  for await (const piece of pieces(response, onData)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = lineSchema.safeParse(parseJson(text))
      if (!line.success)
        return { ...good(200, 'null', came), problem: `a line that is not understood: ${redactSecrets(text).slice(0, 200)}` }
      if ('progress' in line.data) {
        if (line.data.progress.total > 0) onProgress?.(line.data.progress)
      } else if ('error' in line.data) {
        return { status: line.data.status, json: undefined, problem: null, came, ...described(line.data.error) }
      } else return { ...good(200, 'null', came), json: redactJson(line.data.result) }
    }
  }
  throw new Error('the answer broke off')
}

async function* pieces(response: HttpAnswer, onData: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    onData()
    yield decoder.decode(chunk, { stream: true })
  }
}

function good(status: number, text: string, came: string): ServerAnswer {
  const json = parseJson(text)
  const problem = json === undefined ? `it is not JSON: ${came}` : null
  return { status, json: redactJson(json), problem, code: null, text: '', came }
}

function refusalOf(text: string): Omit<ServerAnswer, 'status' | 'came'> {
  const parsed = refusalSchema.safeParse(parseJson(text))
  const shown = parsed.success ? described(parsed.data) : { code: null, text: redactSecrets(text).slice(0, 1000) }
  return { json: undefined, problem: null, ...shown }
}

interface Said {
  readonly message: string
  readonly code?: string | number | null | undefined
  readonly type?: string | number | null | undefined
}

function described({ message, code, type }: Said): { readonly code: string | null; readonly text: string } {
  const kind = code ?? type
  return { code: kind == null ? null : redactSecrets(String(kind)), text: redactSecrets(message) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
