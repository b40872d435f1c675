/**
 * @file The embedded engine as a backend: one place, one engine for training and answering.
 */
import { createEmbeddedTrainer } from '../../trainer/embedded/embedded-trainer.ts'
import { openAdapter } from '../open-adapter.ts'
import { openBase, type OpenBase, type OpenBaseOptions } from '../open-base.ts'
import type { Backend } from './backend.ts'

/** Opens the base in an engine of its own thread. @throws the errors of finding and opening models */
export async function openEmbeddedBackend(reference: string, options: OpenBaseOptions): Promise<Backend> {
  return embeddedBackend(await openBase(reference, options))
}

function embeddedBackend(base: OpenBase): Backend {
  return {
    record: base.record,
    trainerRecord: null,
    tokenizer: base.tokenizer,
    places: [{ trainer: createEmbeddedTrainer(base), open: (adapter) => openAdapter(base, adapter) }],
    close: () => base.engine.close(),
  }
}
