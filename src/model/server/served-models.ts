/**
 * @file The base and adapters of a run as models behind one server. Each adapter is served under a name made of its hash, so a name never stands for
 * two sets of weights, and its canary is checked before and after the change.
 */
import { posix } from 'node:path'
import type { TokenSequence } from '../../engine/engine.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Host } from '../../host/host.ts'
import type { Model, ModelIdentity } from '../model.ts'
import { checkBaseCanary, checkCanary, readCanary } from './canary.ts'
import type { CanaryResult } from './canary.ts'
import { CanaryDiffersError } from './errors.ts'
import type { ManagedServer } from './managed-server.ts'
import { createServerModel } from './server-model.ts'

export interface ServedModelsParts {
  readonly server: ManagedServer
  readonly host: Host
  /** Folder on the host that adapters are copied to; nothing is copied on this machine. */
  readonly directory: string
  readonly tokenizer: Tokenizer
  /** What the models are called in records; the adapter's hash is added. */
  readonly identity: Omit<ModelIdentity, 'adapter'>
}

/** An adapter on this machine. */
export interface AdapterToServe {
  readonly directory: string
  /** Hash of its weights. */
  readonly hash: string
}

export interface ServedModel {
  readonly model: Model
  /** What the canary showed; null for the base, and for an adapter that came without a canary. */
  readonly canary: CanaryResult | null
  /** KL(base || model) in nats at each completion token; null where the server cannot tell (vLLM). */
  kl(sequences: readonly TokenSequence[]): Promise<readonly (readonly number[])[] | null>
  /** Takes the adapter out of the server when nobody else uses it. */
  close(): Promise<void>
}

interface LoadedAdapter {
  readonly name: string
  readonly canary: CanaryResult | null
}

/** Serves models by their weights. Closing it leaves the server running: whoever started it stops it. */
export class ServedModels {
  readonly #parts: ServedModelsParts
  readonly #loaded = new Map<string, { users: number; readonly adapter: Promise<LoadedAdapter> }>()
  /** Loads and unloads happen one after another, so that each sees what the one before left. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: ServedModelsParts) {
    this.#parts = parts
  }

  /**
   * The base (null), or the base with an adapter.
   * @throws CanaryDiffersError, errors of the server and the host
   */
  async serve(adapter: AdapterToServe | null): Promise<ServedModel> {
    const { server, tokenizer, identity } = this.#parts
    const { client, kind, stopIds } = server
    const { name, canary } = adapter === null ? { name: server.name, canary: null } : await this.#use(adapter)
    let isOpen = true
    const close = async (): Promise<void> => {
      if (!isOpen || adapter === null) return
      isOpen = false
      await this.#leave(adapter.hash)
    }
    const named = { ...identity, adapter: adapter?.hash ?? null }
    const model = createServerModel({ client, tokenizer, name, identity: named, kind, stopIds })
    return {
      model: { ...model, close },
      canary,
      kl: async (sequences) => (kind === 'vllm' ? null : await client.kl(name, sequences)),
      close,
    }
  }

  async #use(adapter: AdapterToServe): Promise<LoadedAdapter> {
    const found = this.#loaded.get(adapter.hash) ?? { users: 0, adapter: this.#inTurn(() => this.#load(adapter)) }
    found.users++
    this.#loaded.set(adapter.hash, found)
    try {
      return await found.adapter
    } catch (error) {
      this.#loaded.delete(adapter.hash)
      throw error
    }
  }

  async #leave(hash: string): Promise<void> {
    const found = this.#loaded.get(hash)
    if (found === undefined || --found.users > 0) return
    this.#loaded.delete(hash)
    const { name } = await found.adapter
    await this.#inTurn(() => this.#parts.server.unloadAdapter(name))
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return await done
  }

  async #load({ directory, hash }: AdapterToServe): Promise<LoadedAdapter> {
    const { server } = this.#parts
    const name = `${server.name}-${hash.slice(0, 16)}`
    if ((await server.client.models()).includes(name))
      throw new CanaryDiffersError({ name, problem: 'the server had a model of this name before it was loaded' })
    const record = readCanary(directory)
    if (record !== null) await checkBaseCanary(server.client, server.name, { record })
    let canary: CanaryResult | null = null
    const path = await this.#bring(directory, hash)
    try {
      await server.loadAdapter(name, path, async (client) => {
        if (record !== null) canary = await checkCanary(client, name, { record })
      })
    } catch (error) {
      await server.unloadAdapter(name).catch(() => {})
      throw error
    }
    return { name, canary }
  }

  /** Where the adapter lies on the host. */
  async #bring(directory: string, hash: string): Promise<string> {
    const { host } = this.#parts
    if (host.isLocal) return directory
    const target = posix.join(this.#parts.directory, hash)
    await host.upload(directory, target)
    return target
  }
}
