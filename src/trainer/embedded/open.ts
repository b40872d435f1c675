/**
 * @file Opens the embedded trainer: one slot, one engine in a thread of its own for training and answering.
 */
import type { Engine, TokenSequence } from '../../engine/engine.ts'
import { openEmbeddedBase, openEmbeddedWeights, type AdapterDirectory, type EmbeddedBase } from '../../model/embedded-base.ts'
import { resolveModel } from '../../model/resolve-model.ts'
import { embeddedBaseRecord } from '../base-record.ts'
import type { OpenModel, OpenRequest, OpenTrainer } from '../driver.ts'
import { AdapterAsBaseError } from '../errors.ts'
import type { EmbeddedTrainerOptions } from './driver.ts'
import { createEmbeddedTrainer } from './embedded-trainer.ts'

/** @throws AdapterAsBaseError, ServerModelNotLoadableError, and the errors of finding and opening models */
export async function openEmbedded(
  options: EmbeddedTrainerOptions,
  { base: reference, thinking }: Pick<OpenRequest, 'base' | 'thinking'>,
): Promise<OpenTrainer> {
  const { baseDirectory, adapterDirectory } = await resolveModel(reference)
  if (adapterDirectory !== null) throw new AdapterAsBaseError({ reference })
  const base = await openEmbeddedBase(baseDirectory, { device: options.device, threads: options.threads, thinking })
  return {
    base: embeddedBaseRecord(base, reference, baseDirectory),
    record: null,
    tokenizer: base.tokenizer,
    start: 'continue',
    slots: [{ trainer: createEmbeddedTrainer(base), open: (adapter) => openAdapter(base, adapter) }],
    close: () => base.engine.close(),
  }
}

/** The engine's model with an adapter on top; null is the base. Close it when its grades are taken. */
async function openAdapter(base: EmbeddedBase, adapter: AdapterDirectory | null): Promise<OpenModel> {
  const { model, weights, close } = await openEmbeddedWeights(base, adapter)
  return { model, kl: async (answers) => (weights === null ? 0 : measureKl(base.engine, weights, answers)), close }
}

/** Mean KL in nats per token of `weights` on these answers, over the whole vocabulary at temperature 1; null where there are none. */
async function measureKl(engine: Pick<Engine, 'score'>, weights: string, answers: readonly TokenSequence[]): Promise<number | null> {
  if (answers.length === 0) return null
  const { klFrom } = await engine.score({ weights, sequences: answers, outputs: ['klFrom'], reference: null })
  let sum = 0
  let count = 0
  for (const tokens of klFrom ?? []) {
    for (const value of tokens) sum += value
    count += tokens.length
  }
  return count === 0 ? null : sum / count
}
