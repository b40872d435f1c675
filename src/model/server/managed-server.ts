/**
 * @file A model server that Holdfast starts, warms, starts again when it died (once for each request), and stops. Adapters that were loaded are loaded again after a restart
 * and checked again. It knows nothing of prompts or evals.
 */
import { randomBytes } from 'node:crypto'
import { createCompletionsClient } from './completions-client.ts'
import type { CompletionsClient } from './completions-client.ts'
import type { ServerKind } from './draw-tokens.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess, ServerProcessOptions } from './server-process.ts'

export interface ServerOptions extends Omit<ServerProcessOptions, 'token' | 'startTimeoutMs'> {
  /** Default: 3 minutes for the runner, 15 for vLLM, which compiles. */
  readonly startTimeoutMs?: number
  /** How long nothing may come from the server before a request is tried again. Default: 5 minutes. */
  readonly timeoutMs?: number
  /** Default: 4. */
  readonly retries?: number
  /** Told of each restart, with the reason. */
  readonly onRestart?: (reason: string) => void
}

/** Proves that what is served under a name is what should be; run after every load of it. */
export type AdapterCheck = (client: CompletionsClient) => Promise<void>

export interface ManagedServer {
  readonly kind: ServerKind
  /** Name of the base. */
  readonly name: string
  readonly stopIds: readonly number[]
  /** Asks the server, and has it started again once when it is found dead. */
  readonly client: CompletionsClient
  /** Serves the adapter at `path` on the host, now and after a restart. */
  loadAdapter(name: string, path: string, check: AdapterCheck): Promise<void>
  unloadAdapter(name: string): Promise<void>
  stop(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 300_000
const DEFAULT_RETRIES = 4
const START_TIMEOUT_MS: Readonly<Record<ServerKind, number>> = { runner: 180_000, vllm: 900_000 }
const RESTARTS = 1

interface Adapter {
  readonly path: string
  readonly check: AdapterCheck
}

/**
 * Starts a server on a host and asks it for one token.
 * @throws ServerStartFailedError, errors of the host and of the client
 */
export async function startServer(options: ServerOptions): Promise<ManagedServer> {
  const lives = new ServerLives(options)
  await lives.begin().catch(async (error: unknown) => {
    await lives.end()
    throw error
  })
  const { kind, name, stopIds } = options.launch
  const access = { token: lives.token, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, retries: options.retries ?? DEFAULT_RETRIES }
  const client = createCompletionsClient({ ...access, url: (failedTries) => lives.url(failedTries) })
  return {
    kind,
    name,
    stopIds,
    client,
    loadAdapter: async (adapterName, path, check) => {
      await client.loadAdapter(adapterName, path)
      lives.adapters.set(adapterName, { path, check })
      await check(client)
    },
    unloadAdapter: async (adapterName) => {
      lives.adapters.delete(adapterName)
      await client.unloadAdapter(adapterName)
    },
    stop: () => lives.end(),
  }
}

/** The server's process now, and how often it was started again. */
class ServerLives {
  readonly token = randomBytes(32).toString('hex')
  readonly adapters = new Map<string, Adapter>()
  readonly #options: ServerOptions
  #process: ServerProcess | null = null
  #restarts = 0
  #revival: Promise<void> | null = null
  #isEnded = false

  constructor(options: ServerOptions) {
    this.#options = options
  }

  async begin(): Promise<void> {
    const { launch, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options
    const startTimeoutMs = this.#options.startTimeoutMs ?? START_TIMEOUT_MS[launch.kind]
    const process = await startServerProcess({ ...this.#options, startTimeoutMs, token: this.token })
    this.#process = process
    const client = createCompletionsClient({ url: process.url(), token: this.token, timeoutMs, retries: 0 })
    await this.#warm(client)
    for (const [name, { path, check }] of this.adapters) {
      await client.loadAdapter(name, path)
      await check(client)
    }
  }

  /** Where the server is. After a failed try it is first seen whether it lives; each request may have it started again once. */
  async url(failedTries: number): Promise<string> {
    if (failedTries === 0 && this.#revival === null) this.#restarts = 0
    if (failedTries > 0) {
      this.#revival ??= this.#reviveWhenDead().finally(() => (this.#revival = null))
      await this.#revival
    }
    return this.#process?.url() ?? ''
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.#revival?.catch(() => {})
    await this.#process?.stop()
    this.#process = null
  }

  async #reviveWhenDead(): Promise<void> {
    const process = this.#process
    if (process === null || (await process.isAlive())) return
    const failure = await process.failure(this.#restarts === 0 ? 'ended while it was in use' : 'ended again after it was started anew')
    if (this.#isEnded || this.#restarts >= RESTARTS) throw failure
    this.#restarts++
    await process.stop()
    this.#options.onRestart?.(failure.summary)
    await this.begin()
  }

  async #warm(client: CompletionsClient): Promise<void> {
    const { name, stopIds } = this.#options.launch
    const sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 1 }
    await client.complete({ model: name, prompts: [stopIds.slice(0, 1)], sampling, stopIds })
  }
}
