/**
 * @file The loop that every stepper shares on the embedded engine: gradient, learning rate, optimizer step, events, checkpoints.
 * It goes on from the last complete checkpoint of an earlier process with the same bits, because everything random is named by its step.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { learningRateAt } from '../../method/learning-rate.ts'
import { hashFile } from '../../base/hash.ts'
import type { WeightsId } from '../../engine/engine.ts'
import { checkpointFolder } from '../../ledger/run-layout.ts'
import type { TrainingEvent } from '../training-event.ts'
import { CheckpointWatch } from './checkpoint-watch.ts'
import type { StepperContext, TakenStep, Stepper } from './stepper.ts'
import { TrainingLog } from './training-log.ts'

/** How the loop ended. */
export type LoopEnd = 'finished' | 'cancelled' | 'stopped'

export interface LoopControl {
  /** Asked before every step. */
  readonly cancelled: () => { readonly saveFirst: boolean } | null
  readonly onEvent: (event: TrainingEvent) => void
}

/** Runs the steps after `fromStep`. */
export async function runTrainingLoop(
  context: StepperContext,
  stepper: Stepper,
  options: { readonly fromStep: number } & LoopControl,
): Promise<LoopEnd> {
  const { spec } = context
  const log = new TrainingLog(spec.directory)
  const tell = (event: TrainingEvent): void => {
    log.event(event)
    options.onEvent(event)
  }
  const lastStep = spec.method.steps
  const watch = new CheckpointWatch(context)
  if (options.fromStep === 0)
    tell({ type: 'started', schemaVersion: 1, examples: spec.examples.length, parameters: context.engine.model.parameterCount })
  for (let step = options.fromStep + 1; step <= lastStep; step++) {
    const cancelled = options.cancelled()
    if (cancelled !== null) return stopEarly(cancelled.saveFirst ? { context, log, tell, step: step - 1 } : null)
    if (step === 1) await watch.begin()
    const taken = await takeStep(context, stepper, { step, log })
    tell(taken)
    await watch.sawStep(taken)
    if (step !== lastStep && !spec.checkpointSteps.includes(step)) continue
    const answer = await watch.atCheckpoint(step)
    if (answer.stop) return endStopped({ context, log, tell, step }, answer.reason)
    await saveCheckpoint({ context, log, tell, step })
  }
  tell({ type: 'finished', steps: lastStep })
  log.flush()
  rmSync(optimizerDirectory(spec.directory), { recursive: true, force: true })
  return 'finished'
}

async function takeStep(context: StepperContext, stepper: Stepper, at: { step: number; log: TrainingLog }): Promise<StepEvent> {
  const { spec, services, engine } = context
  const { step } = at
  const result: TakenStep = await stepper.step(step)
  at.log.rollouts(result.rollouts)
  const { beta1, beta2, epsilon, weightDecay, maxGradientNorm, name } = context.stage.optimizer
  const learningRate = learningRateAt(step, spec.method.steps, context.stage.optimizer)
  const update = result.updated
    ? await engine.step(context.weights, { optimizer: name, learningRate, beta1, beta2, epsilon, weightDecay, maxGradientNorm })
    : { gradientNorm: 0, updateNorm: 0 }
  services.onProgress?.({ phase: 'updating', step, steps: spec.method.steps, tokens: result.trainedTokens })
  const { loss, trainedTokens, meanReward, zeroVarianceShare, meanLength } = result
  const measured = { loss, gradientNorm: update.gradientNorm, learningRate, trainedTokens, meanReward, zeroVarianceShare, meanLength }
  const [caseIds, evals] = [result.cases.map(({ caseId }) => caseId), result.cases.map((one) => one.eval)]
  return { type: 'step', step, ...measured, caseIds, caseEvals: evals.some((name) => name !== '') ? evals : [] }
}

type StepEvent = Extract<TrainingEvent, { type: 'step' }>

interface SavePoint {
  readonly context: StepperContext
  readonly log: TrainingLog
  readonly tell: (event: TrainingEvent) => void
  readonly step: number
}

/** Adapter and optimizer first, then the log: what the log names exists. */
async function saveCheckpoint({ context, log, tell, step }: SavePoint): Promise<void> {
  const { engine, spec, services, weights } = context
  services.onProgress?.({ phase: 'saving', step, steps: spec.method.steps, tokens: 0 })
  const hash = await saveAdapter(context, weights, step)
  await engine.saveOptimizer(weights, optimizerFile(spec.directory, step))
  tell({ type: 'checkpoint', step, adapter: checkpointFolder(step), hash })
  log.flush()
}

/** The hash of the weights. */
async function saveAdapter(context: StepperContext, weights: WeightsId, step: number): Promise<string> {
  const adapter = checkpointDirectory(context.spec.directory, step)
  await context.engine.saveAdapter(weights, adapter, { baseModelName: context.spec.base.directory })
  return await hashFile(join(adapter, 'adapter_model.safetensors'))
}

/** What the watch refused is not kept as a checkpoint; the ones before it are. */
function endStopped({ context, log, tell, step }: SavePoint, reason: string): LoopEnd {
  tell({ type: 'stopped', step, reason })
  log.flush()
  rmSync(optimizerDirectory(context.spec.directory), { recursive: true, force: true })
  return 'stopped'
}

async function stopEarly(save: SavePoint | null): Promise<LoopEnd> {
  if (save !== null) {
    if (save.step > 0) await saveCheckpoint(save)
    save.tell({ type: 'cancelled', step: save.step })
    save.log.flush()
  }
  return 'cancelled'
}

/** Where a step's adapter lies. */
export function checkpointDirectory(directory: string, step: number): string {
  return join(directory, checkpointFolder(step))
}

function optimizerDirectory(directory: string): string {
  return join(directory, 'optimizer')
}

/** Where a step's optimizer state lies until the training is finished. */
export function optimizerFile(directory: string, step: number): string {
  return join(optimizerDirectory(directory), `${step}.safetensors`)
}
