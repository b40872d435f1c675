/**
 * @file Opens the base or one of its adapters as a model on the run's engine.
 */
import type { Engine } from '../engine/engine.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import { createEmbeddedModel } from '../model/embedded-model.ts'
import type { AcceptedAdapter } from './lineage.ts'
import type { OpenModel } from './backend/backend.ts'
import { measureKl } from './measure-kl.ts'

/** The engine's model with an adapter on top; null is the base. Close it when its grades are taken. */
export async function openAdapter(
  parts: { readonly engine: Engine; readonly tokenizer: Tokenizer },
  adapter: AcceptedAdapter | null,
): Promise<OpenModel> {
  const { engine, tokenizer } = parts
  const weights = adapter === null ? null : await engine.loadAdapter(adapter.directory)
  const identity = {
    base: engine.model.hash,
    adapter: adapter?.hash ?? null,
    tokenizer: tokenizer.hash,
    precision: 'f32',
    device: engine.model.device,
    engine: engine.model.runtime,
  }
  return {
    model: createEmbeddedModel({ engine, tokenizer, weights, identity }),
    kl: async (answers) => (weights === null ? 0 : measureKl(engine, weights, answers)),
    close: async () => {
      if (weights !== null) await engine.release(weights)
    },
  }
}
