/**
 * @file The checkpoints that a training's events name, as adapters on this machine.
 */
import { identifyAdapter } from '../identity/identify-model.ts'
import type { TrainingCheckpoint } from './trainer.ts'
import type { TrainingEvent } from './training-event.ts'

type CheckpointEvent = Extract<TrainingEvent, { type: 'checkpoint' }>

/** An event's hash is of the weights alone and says that they arrived whole; a checkpoint's says what the adapter computes. */
export async function checkpointsOf(
  events: readonly TrainingEvent[],
  directoryOf: (event: CheckpointEvent) => string,
): Promise<TrainingCheckpoint[]> {
  const checkpoints: TrainingCheckpoint[] = []
  for (const event of events) {
    if (event.type !== 'checkpoint') continue
    const adapter = directoryOf(event)
    checkpoints.push({ step: event.step, adapter, hash: await identifyAdapter(adapter) })
  }
  return checkpoints
}
