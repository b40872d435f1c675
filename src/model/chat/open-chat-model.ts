/**
 * @file Opens a model behind an OpenAI-compatible server: finds its name, sees that it answers, learns how it wants to be asked and what weights it has.
 */
import { z } from 'zod'
import { ServerRefusedError, ServerUnreachableError } from '../server/errors.ts'
import { registerSecret } from '../../base/secrets.ts'
import type { Model } from '../model.ts'
import { askServer } from './ask-server.ts'
import type { ChatAccess, OnWait } from './ask-server.ts'
import { ChatAsker, createChatModel } from './chat-model.ts'
import type { Dialect } from './chat-request.ts'
import { ServerKeyRefusedError, ServerModelRefusedError, ServerModelUnclearError } from './errors.ts'
import { probe, takeFingerprint, takeMark } from './fingerprint.ts'
import type { Fingerprint } from './fingerprint.ts'
import { gateOf } from './server-gate.ts'
import { apiKey, parseServerReference } from './server-reference.ts'
import type { ServerReference } from './server-reference.ts'

export interface ChatModelOptions {
  /** Default: see `apiKey`. */
  readonly key?: string | null | undefined
  /** How long nothing may come before a try counts as failed. Default 4 minutes. */
  readonly timeoutMs?: number | undefined
  /** How long the tries of one case may take together. Default 10 minutes. */
  readonly caseTimeoutMs?: number | undefined
  /** Tries after the first that failed. Default 3. */
  readonly retries?: number | undefined
  /** Requests to the server at a time, at most. Default 64. */
  readonly mostRequests?: number | undefined
  /** How long the server may turn everything away before it ends the command. Default 5 minutes. */
  readonly busyMs?: number | undefined
  /** Told of waits that somebody who looks on would wonder at. */
  readonly onWait?: OnWait | undefined
  /** Whether the weights are to be told by what they answer, which a cache needs. Default true. */
  readonly fingerprint?: boolean | undefined
}

export interface OpenChatModel {
  readonly model: Model
  /** The server's name for it. */
  readonly name: string
  /** Address without the name. */
  readonly url: string
  readonly fingerprint: Fingerprint
  /** Whether the weights answer as when they were opened; false as well where that can never be told, null where they could not be asked now. */
  isUnchanged(): Promise<boolean | null>
}

const TIMEOUT_MS = 240_000
const CASE_TIMEOUT_MS = 600_000
const RETRIES = 3
const BUSY_MS = 300_000
const FULL_CHAT: Dialect = { api: 'chat', maxTokensField: 'max_tokens', logProbs: true, jsonSchema: true }

/**
 * @throws ServerReferenceError, ServerModelUnclearError, ServerKeyRefusedError, ServerModelRefusedError, ServerUnreachableError
 */
export async function openChatModel(reference: string, options: ChatModelOptions = {}): Promise<OpenChatModel> {
  const { access, name, parsed } = await openChatAccess(reference, options)
  const { asker, dialect } = await findDialect(access, name, parsed)
  const notAsked = options.fingerprint === false ? 'it was not asked for log-probabilities' : 'it gives no log-probabilities'
  const isAsked = options.fingerprint !== false && dialect.logProbs
  const fingerprint = isAsked ? await takeFingerprint(asker) : { hash: null, reason: notAsked }
  const mark = fingerprint.hash === null ? null : await takeMark(asker)
  const base = fingerprint.hash === null ? name : `${name}@${fingerprint.hash}`
  const identity = {
    base,
    adapter: null,
    tokenizer: 'server',
    precision: 'server',
    device: 'server',
    engine: `${dialect.api} at ${access.url}`,
  }
  return {
    model: createChatModel({ access, name, identity, dialect }),
    name,
    url: access.url,
    fingerprint,
    isUnchanged: async () => mark !== null && (await isMarkedStill(asker, mark)),
  }
}

async function isMarkedStill(asker: ChatAsker, mark: string): Promise<boolean | null> {
  const now = await takeMark(asker).catch(() => null)
  return now === null ? null : now === mark
}

/** The server behind a reference and its name for the model; only a server whose model is not named is asked for anything. */
export async function openChatAccess(
  reference: string,
  options: ChatModelOptions = {},
): Promise<{ readonly access: ChatAccess; readonly name: string; readonly parsed: ServerReference }> {
  const parsed = parseServerReference(reference)
  const access: ChatAccess = {
    url: parsed.url,
    key: options.key === undefined ? apiKey(parsed.url) : options.key,
    gate: gateOf(parsed.url, options.mostRequests === undefined ? {} : { most: options.mostRequests }),
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    caseTimeoutMs: options.caseTimeoutMs ?? CASE_TIMEOUT_MS,
    retries: options.retries ?? RETRIES,
    busyMs: options.busyMs ?? BUSY_MS,
    onWait: options.onWait,
  }
  registerSecret(access.key)
  return { access, name: parsed.name ?? (await findName(access)), parsed }
}

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The only model of the server. */
async function findName(access: ChatAccess): Promise<string> {
  const read = (json: unknown): { readonly names: readonly string[] } | { readonly problem: string } => {
    const parsed = modelsSchema.safeParse(json)
    return parsed.success ? { names: parsed.data.data.map(({ id }) => id) } : { problem: 'it is no list of models' }
  }
  const asked = await orKeyRefused(access.url, askServer(access, { path: '/models', read })).catch((error: unknown) => {
    if (error instanceof ServerRefusedError) return { failure: null }
    throw error
  })
  const names = 'answer' in asked ? asked.answer.names : null
  if (names?.length !== 1) throw new ServerModelUnclearError({ url: access.url, names })
  return names[0] as string
}

/** Messages first; text where the server has no such path or the model no chat template. */
async function findDialect(access: ChatAccess, name: string, { api }: ServerReference): Promise<{ asker: ChatAsker; dialect: Dialect }> {
  const apis = api === 'auto' ? (['chat', 'completions'] as const) : [api]
  let refusal: string | null = null
  for (const tried of apis) {
    const identity = { base: name, adapter: null, tokenizer: '', precision: '', device: '', engine: '' }
    const asker = new ChatAsker({ access, name, identity, dialect: { ...FULL_CHAT, api: tried } })
    const asked = await orKeyRefused(access.url, probe(asker)).catch((error: unknown) => {
      if (error instanceof ServerRefusedError) return { failure: { kind: 'refused' as const, reason: error.summary } }
      throw error
    })
    if ('answer' in asked) {
      const logProbs = asker.dialect.logProbs && asked.answer.completion.logProbs !== null
      return { asker, dialect: { ...asker.dialect, logProbs } }
    }
    if (asked.failure.kind !== 'refused') throw new ServerUnreachableError({ where: access.url, reason: asked.failure.reason })
    refusal ??= asked.failure.reason
  }
  throw new ServerModelRefusedError({ url: access.url, name, reason: refusal ?? '' })
}

async function orKeyRefused<T>(url: string, asking: Promise<T>): Promise<T> {
  try {
    return await asking
  } catch (error) {
    if (error instanceof ServerRefusedError && [401, 403].includes(error.data.status))
      throw new ServerKeyRefusedError({ url, reason: error.summary }, { cause: error })
    throw error
  }
}
