/**
 * @file Prompts and row seeds to completions' tokens, in the requests that each kind of server takes.
 */
import type { GeneratedTokens } from '../../engine/engine.ts'
import type { Sampling } from '../../eval/completion.ts'
import type { GenerateProgress } from '../model.ts'
import type { CompletionsClient, ServedTokens } from './completions-client.ts'
import { ServerRefusedError } from './errors.ts'
import { isTooLong } from './lasting-refusal.ts'
import { mapConcurrently } from './map-concurrently.ts'

/** What answers: Holdfast's own server, which takes the seeds of every row, or vLLM, which takes one seed a request. */
export type ServerKind = 'runner' | 'vllm'

export interface DrawRequest {
  readonly client: Pick<CompletionsClient, 'complete'>
  /** Name that the weights are served under. */
  readonly name: string
  readonly stopIds: readonly number[]
  readonly prompts: readonly { readonly ids: readonly number[]; readonly seeds: readonly number[] }[]
  readonly sampling: Sampling
  readonly onProgress?: ((progress: GenerateProgress) => void) | undefined
}

/** Null for a prompt that is too long for the server. */
type Drawn = GeneratedTokens | null
type Groups = readonly (readonly Drawn[])[]

/** Requests to vLLM at a time. It makes its batches itself; more would only wait in its queue. */
const VLLM_REQUESTS = 64
/** Greedy prompts in one request to vLLM, so that an answer begins within minutes. */
const VLLM_PROMPTS = 16

/** For each prompt, for each of its seeds, the tokens of one completion; null where the prompt is too long for the server. */
export const DRAW: Readonly<Record<ServerKind, (request: DrawRequest) => Promise<Groups>>> = { runner: drawOnRunner, vllm: drawOnVllm }

/** Everything in one request: the server's batches are a function of it. */
async function drawOnRunner({ client, name, stopIds, prompts, sampling, onProgress }: DrawRequest): Promise<Groups> {
  const total = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0)
  if (total === 0) return prompts.map(() => [])
  const request = { model: name, prompts: prompts.map(({ ids }) => ids), seeds: prompts.map(({ seeds }) => seeds), sampling, stopIds }
  const served = (await client.complete(request, onProgress)).map(generated)
  onProgress?.({ done: total, total, tokens: tokenCount(served) })
  let start = 0
  return prompts.map(({ seeds }) => served.slice(start, (start += seeds.length)))
}

/** Greedy answers once a prompt, several prompts a request; sampled rows one a request, because vLLM takes one seed a request. */
async function drawOnVllm(request: DrawRequest): Promise<Groups> {
  const { prompts, sampling } = request
  const isGreedy = sampling.temperature === 0
  const rows: readonly Row[] = prompts.flatMap(({ ids, seeds }) =>
    (isGreedy ? seeds.slice(0, 1) : seeds).map((seed) => ({ ids, seed, copies: isGreedy ? seeds.length : 1 })),
  )
  const progress = progressCounter(prompts, request.onProgress)
  const size = isGreedy ? VLLM_PROMPTS : 1
  const chunks = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
  const drawn = await mapConcurrently(chunks, VLLM_REQUESTS, async (chunk) => {
    const tokens = await drawTogether(request, chunk)
    for (const [i, one] of tokens.entries()) progress(one?.ids.length ?? 0, (chunk[i] as Row).copies)
    return tokens
  })
  const inOrder = drawn.flat().values()
  const next = (): Drawn => inOrder.next().value as Drawn
  return prompts.map(({ seeds }) => {
    const isShared = isGreedy && seeds.length > 0
    const shared = isShared ? next() : null
    return seeds.map(() => (isShared ? shared : next()))
  })
}

interface Row {
  readonly ids: readonly number[]
  readonly seed: number
  /** Seeds that the answer stands for. */
  readonly copies: number
}

/** One request; where one of its prompts is too long for the server, one request for each. */
async function drawTogether(request: DrawRequest, rows: readonly Row[]): Promise<readonly Drawn[]> {
  const { client, name: model, stopIds, sampling } = request
  const seed = sampling.temperature === 0 ? {} : { seed: (rows[0] as Row).seed }
  try {
    const served = await client.complete({ model, prompts: rows.map(({ ids }) => ids), sampling, stopIds, ...seed })
    return served.map((one) => withKnownLogProbs(generated(one), sampling.temperature))
  } catch (error) {
    if (!isTooLongHere(error)) throw error
    if (rows.length === 1) return [null]
    const alone: Drawn[] = []
    for (const row of rows) alone.push(...(await drawTogether(request, [row])))
    return alone
  }
}

function isTooLongHere(error: unknown): boolean {
  return error instanceof ServerRefusedError && isTooLong({ status: error.data.status, code: error.data.serverCode, text: error.summary })
}

function progressCounter(prompts: DrawRequest['prompts'], onProgress: DrawRequest['onProgress']): (length: number, copies: number) => void {
  const total = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0)
  let done = 0
  let tokens = 0
  return (length, copies) => {
    done += copies
    tokens += copies * length
    onProgress?.({ done, total, tokens })
  }
}

/** A missing log-probability becomes NaN, as an engine gives it for a broken model. */
function generated({ ids, logProbs, finish }: ServedTokens): GeneratedTokens {
  return { ids: Int32Array.from(ids), logProbs: Float32Array.from(logProbs, (value) => value ?? Number.NaN), finish }
}

/** vLLM's log-probabilities are those at temperature 1, whatever the tokens were drawn at. */
function withKnownLogProbs(tokens: GeneratedTokens, temperature: number): GeneratedTokens {
  return temperature === 0 || temperature === 1 ? tokens : { ...tokens, logProbs: tokens.logProbs.map(() => Number.NaN) }
}

function tokenCount(served: readonly GeneratedTokens[]): number {
  return served.reduce((sum, { ids }) => sum + ids.length, 0)
}
