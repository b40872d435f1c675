/**
 * @file Opens whatever a user calls a model: a directory, a PEFT adapter, a hub id, or a server's address. It grades nothing.
 */
import { identifyAdapter } from '../identity/identify-model.ts'
import { createCachedModel } from './cache/cached-model.ts'
import { openChatModel } from './chat/open-chat-model.ts'
import type { ChatModelOptions } from './chat/open-chat-model.ts'
import { isServerReference } from './chat/server-reference.ts'
import { openEmbeddedBase, openEmbeddedWeights } from './embedded-base.ts'
import type { EmbeddedBase, EmbeddedOptions } from './embedded-base.ts'
import type { Model } from './model.ts'
import { resolveModel } from './resolve-model.ts'

/**
 * What is kept on disk. `auto`: completions of weights that are known (all models of the embedded engine, and servers whose weights can be told by what
 * they answer). `trust-name`: of any server, as if a name always stood for the same weights. `off`: nothing.
 */
export type CacheMode = 'auto' | 'trust-name' | 'off'

export interface OpenModelOptions extends EmbeddedOptions, Omit<ChatModelOptions, 'fingerprint'> {
  /** Whole model for an adapter, instead of the one that its adapter_config.json names. */
  readonly base?: string | undefined
  /** Default auto. */
  readonly cache?: CacheMode | undefined
}

/** A model with what a run's plan says of it. */
export interface OpenedModel {
  readonly model: Model
  /** The embedded engine's base that it lies on; null for a server's model. */
  readonly embedded: EmbeddedBase | null
  /** Where it lies: a directory, or the server's address. */
  readonly origin: string
  /** What identifies what was tuned (the adapter), else the whole model. */
  readonly hash: string
  /** Why its completions are not kept on disk; null where they are. */
  readonly notCached: string | null
  close(): Promise<void>
}

/** Opens one model. @throws the errors of finding and opening models, and of servers */
export async function openModel(reference: string, options: OpenModelOptions = {}): Promise<OpenedModel> {
  const opener = new ModelOpener(options)
  try {
    const opened = await opener.open(reference)
    return { ...opened, close: () => opener.close() }
  } catch (error) {
    await opener.close()
    throw error
  }
}

/** Opens models one after another. Those of one base share its engine, which stays open until another base is asked for or this is closed. */
export class ModelOpener {
  readonly #options: OpenModelOptions
  #base: (EmbeddedBase & { readonly directory: string }) | null = null
  readonly #onBase: (() => Promise<void>)[] = []
  readonly #elsewhere: (() => Promise<void>)[] = []

  constructor(options: OpenModelOptions = {}) {
    this.#options = options
  }

  async open(reference: string): Promise<OpenedModel> {
    return isServerReference(reference) ? await this.#openServer(reference) : await this.#openEmbedded(reference)
  }

  async close(): Promise<void> {
    for (const close of this.#elsewhere.splice(0)) await close()
    await this.#closeBase()
  }

  async #closeBase(): Promise<void> {
    for (const close of this.#onBase.splice(0)) await close()
    await this.#base?.engine.close()
    this.#base = null
  }

  async #openServer(reference: string): Promise<OpenedModel> {
    const { cache = 'auto' } = this.#options
    const opened = await openChatModel(reference, { ...this.#options, fingerprint: cache === 'auto' })
    const { fingerprint, model, url, isUnchanged } = opened
    const notCached = cache === 'off' ? 'the cache is off' : cache === 'auto' ? fingerprint.reason : null
    const conditions = { identity: model.identity, cache }
    const cached =
      notCached === null
        ? createCachedModel({ model, conditions, unit: 'completion', ...(cache === 'auto' ? { isUnchanged } : {}) })
        : model
    return this.#opened({ model: cached, embedded: null, origin: url, hash: model.identity.base, notCached, close: () => cached.close() })
  }

  async #openEmbedded(reference: string): Promise<OpenedModel> {
    const { base: named, cache = 'auto' } = this.#options
    const { baseDirectory, adapterDirectory } = await resolveModel(reference, { base: named })
    const adapter = adapterDirectory === null ? null : { directory: adapterDirectory, hash: await identifyAdapter(adapterDirectory) }
    const base = await this.#baseAt(baseDirectory)
    const open = await openEmbeddedWeights(base, adapter)
    const isCached = cache !== 'off'
    const model = isCached ? createCachedModel({ model: open.model, conditions: open.model.identity, unit: 'call' }) : open.model
    const close = async (): Promise<void> => {
      await model.close()
      await open.close()
    }
    return this.#opened({
      model,
      embedded: base,
      origin: baseDirectory,
      hash: adapter?.hash ?? base.engine.model.hash,
      notCached: isCached ? null : 'the cache is off',
      close,
    })
  }

  #opened(opened: OpenedModel): OpenedModel {
    const list = opened.embedded === null ? this.#elsewhere : this.#onBase
    list.push(opened.close)
    return opened
  }

  async #baseAt(directory: string): Promise<EmbeddedBase> {
    if (this.#base?.directory === directory) return this.#base
    await this.#closeBase()
    this.#base = { ...(await openEmbeddedBase(directory, this.#options)), directory }
    return this.#base
  }
}
