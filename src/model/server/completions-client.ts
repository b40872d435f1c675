/**
 * @file A minimal client of vLLM's HTTP interface and of Holdfast's own server, which speaks the same and three things more. Token ids in, token ids out:
 * it knows nothing of text or templates.
 */
import { z } from 'zod'
import { isHoldfastError } from '../../base/errors.ts'
import { registerSecret } from '../../base/secrets.ts'
import type { TokenSequence } from '../../engine/engine.ts'
import type { Sampling } from '../../eval/completion.ts'
import { ServerAnswerInvalidError } from './errors.ts'
import type { AnswerProgress } from './read-answer.ts'
import { sendRequest } from './server-request.ts'
import type { ServerAccess, ServerRequest } from './server-request.ts'

/** What to draw. `seeds`: for each prompt the seeds of its completions (Holdfast's server only); else one completion a prompt, from `seed`. */
export interface CompletionsRequest {
  readonly model: string
  readonly prompts: readonly (readonly number[])[]
  readonly sampling: Sampling
  readonly stopIds: readonly number[]
  readonly seeds?: readonly (readonly number[])[]
  readonly seed?: number
}

/** One completion as the server gave it. A log-probability is null where the server has none. */
export interface ServedTokens {
  readonly ids: readonly number[]
  readonly logProbs: readonly (number | null)[]
  readonly finish: 'stop' | 'length'
}

export interface CompletionsClient {
  /** Whether the server answers at all; asked once. */
  health(): Promise<boolean>
  /** Names of the models that are served. */
  models(): Promise<readonly string[]>
  /** Completions by prompt, then by seed. */
  complete(request: CompletionsRequest, onProgress?: (progress: AnswerProgress) => void): Promise<readonly ServedTokens[]>
  /** Log-probability of each token given those before it, in nats at temperature 1; null for the first. */
  echo(model: string, ids: readonly number[]): Promise<readonly (number | null)[]>
  /** Log-probability in nats of each completion token (Holdfast's server only). */
  score(model: string, sequences: readonly TokenSequence[]): Promise<readonly (readonly number[])[]>
  /** KL(base || model) in nats at each completion token (Holdfast's server only). */
  kl(model: string, sequences: readonly TokenSequence[]): Promise<readonly (readonly number[])[]>
  /** Serves the adapter that lies at `path` on the server's machine under `name`. */
  loadAdapter(name: string, path: string): Promise<void>
  unloadAdapter(name: string): Promise<void>
}

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })
const choiceSchema = z.object({
  finish_reason: z.enum(['stop', 'length']),
  token_ids: z.array(z.int().min(0)).nullish(),
  logprobs: z.object({ token_logprobs: z.array(z.number().nullable()), tokens: z.array(z.string()) }).nullish(),
})
const completionsSchema = z.object({ choices: z.array(choiceSchema) })
const numbersSchema = z.array(z.array(z.number()))

/**
 * A client of one server. Every method but `health` throws ServerUnreachableError, ServerRefusedError or ServerAnswerInvalidError.
 */
export function createCompletionsClient(access: ServerAccess): CompletionsClient {
  registerSecret(access.token)
  const ask = async <T>(schema: z.ZodType<T>, request: ServerRequest): Promise<T> => {
    const parsed = schema.safeParse(await sendRequest(access, request))
    if (parsed.success) return parsed.data
    throw new ServerAnswerInvalidError({ where: request.path, problem: z.prettifyError(parsed.error) })
  }
  const models = async (): Promise<readonly string[]> => (await ask(modelsSchema, { path: '/v1/models' })).data.map(({ id }) => id)
  const measure = async (path: string, model: string, sequences: readonly TokenSequence[]): Promise<unknown> => {
    const plain = sequences.map(({ ids, promptLength }) => ({ ids: [...ids], promptLength }))
    return await sendRequest(access, { path, body: { model, sequences: plain, stream_progress: true } })
  }
  return {
    health: async () => {
      try {
        await sendRequest({ ...access, retries: 0 }, { path: '/health' })
        return true
      } catch {
        return false
      }
    },
    models,
    complete: async (request, onProgress) => {
      const { choices } = await ask(completionsSchema, { path: '/v1/completions', body: completionsBody(request), onProgress })
      checkCount(choices.length, request)
      return choices.map(servedTokens)
    },
    echo: async (model, ids) => {
      const body = { model, prompt: [ids], echo: true, max_tokens: 0, temperature: 1, logprobs: 1, ...TOKENS_ONLY }
      const { choices } = await ask(completionsSchema, { path: '/v1/completions', body })
      return (choices[0]?.logprobs?.token_logprobs ?? []).slice(0, ids.length)
    },
    score: async (model, sequences) => readNumbers('logProbs', await measure('/holdfast/score', model, sequences), sequences),
    kl: async (model, sequences) => readNumbers('kl', await measure('/holdfast/kl', model, sequences), sequences),
    loadAdapter: async (name, path) => {
      const request = { path: '/v1/load_lora_adapter', body: { lora_name: name, lora_path: path } }
      await changeOnce(access, request, async () => (await models()).includes(name))
    },
    unloadAdapter: async (name) => {
      const request = { path: '/v1/unload_lora_adapter', body: { lora_name: name } }
      await changeOnce(access, request, async () => !(await models()).includes(name))
    },
  }
}

/** Fields that keep vLLM from adding, dropping or decoding tokens. */
const TOKENS_ONLY = { add_special_tokens: false, skip_special_tokens: false, return_token_ids: true, return_tokens_as_token_ids: true }

function completionsBody({ model, prompts, sampling, stopIds, seeds, seed }: CompletionsRequest): Record<string, unknown> {
  return {
    model,
    prompt: prompts,
    max_tokens: sampling.maxNewTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    ...(sampling.topK > 0 ? { top_k: sampling.topK } : {}),
    stop_token_ids: stopIds,
    n: 1,
    logprobs: 1,
    ...TOKENS_ONLY,
    ...(seed === undefined ? {} : { seed }),
    ...(seeds === undefined ? {} : { seeds, stream_progress: true }),
  }
}

function checkCount(found: number, { prompts, seeds }: CompletionsRequest): void {
  const wanted = seeds === undefined ? prompts.length : seeds.flat().length
  if (found !== wanted)
    throw new ServerAnswerInvalidError({ where: '/v1/completions', problem: `${found} completions instead of ${wanted}` })
}

function servedTokens({ token_ids: given, logprobs, finish_reason: finish }: z.infer<typeof choiceSchema>): ServedTokens {
  const ids = given ?? logprobs?.tokens.map(idOf) ?? []
  const logProbs = logprobs?.token_logprobs ?? ids.map(() => null)
  if (!ids.every(Number.isSafeInteger))
    throw new ServerAnswerInvalidError({ where: '/v1/completions', problem: 'it gives text instead of token ids' })
  if (ids.length === 0 || logProbs.length !== ids.length)
    throw new ServerAnswerInvalidError({
      where: '/v1/completions',
      problem: `${logProbs.length} log-probabilities for ${ids.length} token ids`,
    })
  return { ids, logProbs, finish }
}

function idOf(token: string): number {
  return token.startsWith('token_id:') ? Number(token.slice('token_id:'.length)) : Number.NaN
}

function readNumbers(field: string, answer: unknown, sequences: readonly TokenSequence[]): readonly (readonly number[])[] {
  const parsed = z.object({ [field]: numbersSchema }).safeParse(answer)
  const found = parsed.success ? parsed.data[field] : undefined
  const isWhole = found?.length === sequences.length && found.every((row, i) => row.length === lengthOf(sequences[i] as TokenSequence))
  if (found === undefined || !isWhole)
    throw new ServerAnswerInvalidError({ where: `/holdfast/${field}`, problem: 'it is not one number for each token' })
  return found
}

function lengthOf({ ids, promptLength }: TokenSequence): number {
  return ids.length - promptLength
}

/**
 * Sends a change that may be made only once. When no answer came it may have been made all the same, and a second try would be refused:
 * then the server is asked whether it was.
 */
async function changeOnce(access: ServerAccess, request: ServerRequest, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await sendRequest({ ...access, retries: 0 }, request)
  } catch (error) {
    const isUnknown = isHoldfastError(error) && error.code === 'SERVER_UNREACHABLE' && access.retries > 0
    if (!isUnknown) throw error
    if (!(await isDone())) await sendRequest(access, request)
  }
}
