/**
 * @file Opens the base or one of its adapters as a model on the run's engine.
 */
import { openEmbeddedWeights } from '../model/embedded-base.ts'
import type { EmbeddedBase } from '../model/embedded-base.ts'
import type { AcceptedAdapter } from './lineage.ts'
import type { OpenModel } from './backend/backend.ts'
import { measureKl } from './measure-kl.ts'

/** The engine's model with an adapter on top; null is the base. Close it when its grades are taken. */
export async function openAdapter(base: EmbeddedBase, adapter: AcceptedAdapter | null): Promise<OpenModel> {
  const { model, weights, close } = await openEmbeddedWeights(base, adapter)
  return { model, kl: async (answers) => (weights === null ? 0 : measureKl(base.engine, weights, answers)), close }
}
