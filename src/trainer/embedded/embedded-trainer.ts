/**
 * @file The embedded trainer: runs a training spec on the embedded engine, in this process (the engine itself works in a thread of its own).
 */
import { isHoldfastError } from '../../base/errors.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { StageSpec } from '../../method/method-spec.ts'
import { checkpointsOf } from '../checkpoints-of.ts'
import type { Trainer, TrainerServices, TrainingCheckpoint, TrainingHandle, TrainingOutcome } from '../trainer.ts'
import type { TrainingEvent } from '../training-event.ts'
import { trainingSpecSchema, type TrainingSpec } from '../training-spec.ts'
import { EventStream } from '../event-stream.ts'
import { createStepper } from './create-stepper.ts'
import { EMBEDDED, embeddedStage } from './refuse.ts'
import type { StepperContext } from './stepper.ts'
import { checkpointDirectory, optimizerFile, runTrainingLoop, type LoopControl, type LoopEnd } from './training-loop.ts'
import { openEarlierTraining, type EarlierTraining } from './training-log.ts'

/** A trainer on an open engine. Trainings must not overlap. */
export function createEmbeddedTrainer(parts: { readonly engine: Engine; readonly tokenizer: Tokenizer }): Trainer {
  return {
    name: EMBEDDED,
    submit: async (specification, services) => {
      const spec = trainingSpecSchema.parse(specification)
      const stage = embeddedStage(spec)
      const earlier = openEarlierTraining(spec.directory, [...spec.checkpointSteps, spec.method.steps])
      const stream = new EventStream(earlier.events)
      let cancelled: { saveFirst: boolean } | null = null
      const done = earlier.finished
        ? Promise.resolve(earlierOutcome(spec, earlier.events))
        : train({ ...parts, spec, stage, services }, earlier, { stream, cancelled: () => cancelled })
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
  readonly stage: StageSpec
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
    const context: StepperContext = {
      engine,
      tokenizer,
      spec,
      stage: parts.stage,
      services,
      weights,
      parent: start.parent,
      earlierRollouts: start.earlier.rollouts,
    }
    return await runTrainingLoop(context, createStepper(context), { fromStep: start.earlier.step, ...start.control })
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
