/**
 * @file The embedded trainer: runs a training spec on the embedded engine, in this process (the engine itself works in a thread of its own).
 */
import { isHoldfastError } from '../../base/errors.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import { checkpointsOf } from '../checkpoints-of.ts'
import type { Trainer, TrainerServices, TrainingCheckpoint, TrainingHandle, TrainingOutcome } from '../trainer.ts'
import type { TrainingEvent } from '../training-event.ts'
import { trainingSpecSchema, type TrainingSpec } from '../training-spec.ts'
import { EventStream } from '../event-stream.ts'
import { embeddedMethod, type EmbeddedMethod } from './embedded-methods.ts'
import { createGrpoMethod } from './grpo-method.ts'
import type { MethodContext, TrainingMethod } from './method.ts'
import { createRaftMethod } from './raft-method.ts'
import { createSftMethod } from './sft-method.ts'
import { checkpointDirectory, optimizerFile, runTrainingLoop, type LoopControl, type LoopEnd } from './training-loop.ts'
import { openEarlierTraining, type EarlierTraining } from './training-log.ts'

/** A trainer on an open engine. Trainings must not overlap. */
export function createEmbeddedTrainer(parts: { readonly engine: Engine; readonly tokenizer: Tokenizer }): Trainer {
  return {
    name: 'embedded',
    submit: async (specification, services) => {
      const spec = trainingSpecSchema.parse(specification)
      const method = embeddedMethod(spec)
      const earlier = openEarlierTraining(spec.directory, [...spec.checkpointSteps, spec.method.steps])
      const stream = new EventStream(earlier.events)
      let cancelled: { saveFirst: boolean } | null = null
      const done = earlier.finished
        ? Promise.resolve(earlierOutcome(spec, earlier.events))
        : train({ ...parts, spec, method, services }, earlier, { stream, cancelled: () => cancelled })
      const closed = done.finally(() => stream.close())
      closed.catch(() => undefined)
      return {
        events: (from) => stream.read(from),
        cancel: async (options) => {
          cancelled = options
          await closed
        },
        artifacts: () => closed,
      } satisfies TrainingHandle
    },
  }
}

interface TrainingParts {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly spec: TrainingSpec
  readonly method: EmbeddedMethod
  readonly services: TrainerServices
}

interface Control {
  readonly stream: EventStream
  readonly cancelled: () => { readonly saveFirst: boolean } | null
}

async function train(parts: TrainingParts, earlier: EarlierTraining, control: Control): Promise<TrainingOutcome> {
  const { engine, spec } = parts
  const events = [...earlier.events]
  const onEvent = (event: TrainingEvent): void => {
    events.push(event)
    control.stream.push(event)
  }
  const parent = spec.parentAdapter === null ? null : await engine.loadAdapter(spec.parentAdapter)
  try {
    const state = await loop(parts, { earlier, parent, control: { cancelled: control.cancelled, onEvent } })
    return state === 'stopped' ? await earlierOutcome(spec, events) : { state, checkpoints: await savedCheckpoints(spec, events) }
  } catch (error) {
    // A failure with a code is an outcome of this arm; anything else is a bug and must surface.
    if (!isHoldfastError(error) || error.code === 'INTERNAL') throw error
    control.stream.push({ type: 'lost', code: error.code, message: error.message })
    return { state: 'lost', code: error.code, message: error.message, checkpoints: await savedCheckpoints(spec, events) }
  } finally {
    if (parent !== null) await engine.release(parent)
  }
}

async function loop(
  parts: TrainingParts,
  start: { readonly earlier: EarlierTraining; readonly parent: string | null; readonly control: LoopControl },
): Promise<LoopEnd> {
  const { engine, spec, services, tokenizer } = parts
  const weights = await openWeights(engine, spec, start.earlier.step)
  try {
    const context: MethodContext = {
      engine,
      tokenizer,
      spec,
      optimizer: parts.method.optimizer,
      services,
      weights,
      parent: start.parent,
      earlierRollouts: start.earlier.rollouts,
    }
    return await runTrainingLoop(context, createMethod(context, parts.method), { fromStep: start.earlier.step, ...start.control })
  } finally {
    await engine.release(weights)
  }
}

/** The adapter to train: the last checkpoint with its optimizer state, the parent's copy, or a new one. */
async function openWeights(engine: Engine, spec: TrainingSpec, step: number): Promise<string> {
  if (step > 0) {
    const weights = await engine.loadAdapter(checkpointDirectory(spec.directory, step))
    await engine.loadOptimizer(weights, optimizerFile(spec.directory, step))
    return weights
  }
  if (spec.parentAdapter !== null) return engine.loadAdapter(spec.parentAdapter)
  return engine.createLora({ ...spec.lora, seed: spec.seeds.initialisation })
}

function createMethod(context: MethodContext, method: EmbeddedMethod): TrainingMethod {
  switch (method.name) {
    case 'sft':
      return createSftMethod(context, method)
    case 'raft':
      return createRaftMethod(context, method)
    case 'grpo':
      return createGrpoMethod(context, method)
  }
}

/** How a training ended that has come to its end, by its events. */
async function earlierOutcome(spec: TrainingSpec, events: readonly TrainingEvent[]): Promise<TrainingOutcome> {
  const checkpoints = await savedCheckpoints(spec, events)
  const end = events.at(-1)
  return end?.type === 'stopped'
    ? { state: 'stopped', step: end.step, reason: end.reason, checkpoints }
    : { state: 'finished', checkpoints }
}

async function savedCheckpoints(spec: TrainingSpec, events: readonly TrainingEvent[]): Promise<TrainingCheckpoint[]> {
  return await checkpointsOf(events, ({ step }) => checkpointDirectory(spec.directory, step))
}
