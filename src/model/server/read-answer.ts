/**
 * @file Reads a model server's answer: JSON in one piece, words, or lines of JSON with progress before the result, and errors in OpenAI's shape.
 */
import { z } from 'zod'
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
}

/** Characters of the longest answer that is read: a server that never stops must not fill the memory. */
const LONGEST_ANSWER = 2 ** 28

interface Listeners {
  readonly onProgress?: ((progress: AnswerProgress) => void) | undefined
  readonly onData: () => void
}

const error = z.object({ message: z.string(), code: z.union([z.string(), z.number()]).nullish() })
/** OpenAI's shape, and vLLM's older one without the envelope. */
const refusalSchema = z.union([z.object({ error }).transform((body) => body.error), error])
const lineSchema = z.union([
  z.object({ progress: z.object({ done: z.number(), total: z.number(), tokens: z.number() }) }),
  z.object({ result: z.unknown() }).refine((line) => 'result' in line),
  z.object({ error, status: z.int() }),
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
  if (response.status >= 300) return { status: response.status, ...refusalOf(text) }
  const isJson = response.header('content-type')?.startsWith('application/json') === true
  return isJson ? good(response.status, text) : { ...good(response.status, 'null'), json: undefined }
}

async function readLines(response: HttpAnswer, { onProgress, onData }: Listeners): Promise<ServerAnswer> {
  let rest = ''
  for await (const piece of pieces(response, onData)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = lineSchema.safeParse(parseJson(text))
      if (!line.success) return { ...good(200, 'null'), problem: `a line that is not understood: ${text.slice(0, 200)}` }
      if ('progress' in line.data) {
        if (line.data.progress.total > 0) onProgress?.(line.data.progress)
      } else if ('error' in line.data) {
        return { status: line.data.status, json: undefined, problem: null, ...described(line.data.error) }
      } else return { ...good(200, 'null'), json: line.data.result }
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

function good(status: number, text: string): ServerAnswer {
  const json = parseJson(text)
  const problem = json === undefined ? `it is not JSON: ${text.slice(0, 200)}` : null
  return { status, json, problem, code: null, text: '' }
}

function refusalOf(text: string): Omit<ServerAnswer, 'status'> {
  const parsed = refusalSchema.safeParse(parseJson(text))
  const shown = parsed.success ? described(parsed.data) : { code: null, text: text.slice(0, 1000) }
  return { json: undefined, problem: null, ...shown }
}

function described({ message, code }: z.infer<typeof error>): { readonly code: string | null; readonly text: string } {
  return { code: code == null ? null : String(code), text: message }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
