/**
 * @file Opens a whole model in an engine of its own thread, and the base or one of its adapters as models on it.
 */
import { openEngine } from '../engine/client.ts'
import type { Engine, WeightsId } from '../engine/engine.ts'
import type { Device } from '../engine/session.ts'
import { openTokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import { createEmbeddedModel } from './embedded-model.ts'
import type { Model } from './model.ts'

/** How a model directory is opened. */
export interface EmbeddedOptions {
  readonly threads?: number | undefined
  readonly device?: Device | undefined
  readonly thinking?: 'on' | 'off' | null | undefined
}

/** An open base; close its engine at the end. */
export interface EmbeddedBase {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
}

/** An adapter on this machine. */
export interface AdapterDirectory {
  readonly directory: string
  /** As src/identity/identify-model.ts gives it. */
  readonly hash: string
}

/** The base or an adapter as a model. Closing it gives the adapter's memory back and leaves the engine open. */
export interface EmbeddedWeights {
  readonly model: Model
  readonly weights: WeightsId | null
  close(): Promise<void>
}

/** @throws the errors of opening model directories */
export async function openEmbeddedBase(directory: string, options: EmbeddedOptions = {}): Promise<EmbeddedBase> {
  const { threads, device, thinking = null } = options
  const tokenizer = openTokenizer(directory, { thinking })
  const engine = await openEngine(directory, { ...(threads === undefined ? {} : { threads }), ...(device === undefined ? {} : { device }) })
  return { engine, tokenizer }
}

/** The base (null) or an adapter on top of it. @throws the errors of reading adapters */
export async function openEmbeddedWeights({ engine, tokenizer }: EmbeddedBase, adapter: AdapterDirectory | null): Promise<EmbeddedWeights> {
  const weights = adapter === null ? null : await engine.loadAdapter(adapter.directory)
  const identity = {
    base: engine.model.hash,
    adapter: adapter?.hash ?? null,
    tokenizer: tokenizer.hash,
    precision: 'f32',
    device: engine.model.device,
    engine: engine.model.runtime,
    stopIds: engine.model.stopIds,
    decoder: tokenizer.decoderHash,
  }
  let isOpen = true
  return {
    model: createEmbeddedModel({ engine, tokenizer, weights, identity }),
    weights,
    close: async () => {
      if (weights !== null && isOpen) await engine.release(weights)
      isOpen = false
    },
  }
}
