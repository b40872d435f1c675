/** @file The trl trainer on this machine's CPU, as tests open it. */
import { fileURLToPath } from 'node:url'
import type { ModelDescription } from '../../../src/engine/engine.ts'
import type { Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { createLocalHost } from '../../../src/host/local-host.ts'
import { forkRunners } from '../../../src/python/forking-host.ts'
import type { Trainer } from '../../../src/trainer/trainer.ts'
import { createTrlTrainer } from '../../../src/trainer/trl/trl-trainer.ts'

const PACKAGE_FOLDER = fileURLToPath(new URL('../../../src/python/runner', import.meta.url))

/** What a trainer needs to know of a base model. */
export interface TrlBase {
  readonly directory: string
  readonly model: Pick<ModelDescription, 'stopIds'>
  readonly tokenizer: Tokenizer
}

/** A trl trainer whose runners are processes of `python` here; `close` ends what it left at work. */
export function openLocalTrlTrainer(python: string, base: TrlBase): { readonly trainer: Trainer; readonly close: () => Promise<void> } {
  const host = forkRunners(createLocalHost())
  const trainer = createTrlTrainer({
    host,
    command: { python, packageFolder: PACKAGE_FOLDER, accelerate: null, visibleDevices: null, threads: 2 },
    base: { path: base.directory, revision: null },
    device: { kind: 'cpu', threads: 2, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
    text: { tokenizer: base.tokenizer, stopIds: base.model.stopIds, padId: 0 },
    options: {},
  })
  return { trainer, close: () => host.close() }
}
