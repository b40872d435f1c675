/**
 * @file Whether a training fits into a device's memory, and the cheapest change that makes it fit, found by trying changes with the estimate. Pure.
 */
import type { ModelFigures } from '../../../estimate/model-figures.ts'
import type { StageSpec } from '../../../method/method-spec.ts'
import { examplesPerStep } from '../../../estimate/rows.ts'
import { MemoryTooSmallError } from '../../../estimate/errors.ts'
import type { MemoryEstimate } from '../../../estimate/memory.ts'
import { estimateMemory, type MemorySettings, type MemoryWork } from './memory.ts'

/** What a training must fit into, and whose it is. */
export interface MemoryLimit {
  readonly round: string
  readonly arm: string
  readonly available: { readonly name: string; readonly bytes: number }
}

/** A training with its settings: what `estimateMemory` takes. */
export interface SizedTraining {
  readonly model: ModelFigures
  readonly work: MemoryWork
  readonly settings: MemorySettings
}

interface Trial {
  readonly training: SizedTraining
  /** Changes in the options of `trl()`, in the order in which they were made. */
  readonly options: readonly string[]
  /** Changes in the arm's method. */
  readonly method: readonly string[]
}

/** The estimate of a training that fits. @throws MemoryTooSmallError with the cheapest change that would make it fit */
export function checkMemory(training: SizedTraining, limit: MemoryLimit): MemoryEstimate {
  const estimate = estimateOf(training)
  if (estimate.totalBytes <= limit.available.bytes) return estimate
  const tried = trialsOf(training).map((trial) => ({ trial, bytes: estimateOf(trial.training).totalBytes }))
  const fitting = tried.find(({ bytes }) => bytes <= limit.available.bytes)
  throw new MemoryTooSmallError({
    ...limit,
    estimate,
    change: fitting === undefined ? null : { words: describe(fitting.trial, limit.arm), bytes: fitting.bytes },
    leastBytes: Math.min(...tried.map(({ bytes }) => bytes)),
  })
}

function estimateOf({ model, work, settings }: SizedTraining): MemoryEstimate {
  return estimateMemory(model, work, settings)
}

/**
 * Every combination, cheapest first: settings that only cost time, then vLLM, then fewer bits, which change the weights that are trained on and judged,
 * and last fewer samples, which change what is learned.
 */
function trialsOf(training: SizedTraining): Trial[] {
  const start: Trial = { training, options: [], method: [] }
  return withFewerSamples(start).flatMap((fewer) =>
    withFewerBits(fewer).flatMap((bits) => withoutVllm(bits).flatMap((plain) => withSmallerBatches(plain))),
  )
}

function withSmallerBatches(trial: Trial): Trial[] {
  const { settings, work } = trial.training
  const saved = settings.gradientCheckpointing
    ? [trial]
    : [trial, change(trial, { gradientCheckpointing: true }, 'gradientCheckpointing: true')]
  const sizes = halvings(Math.min(examplesPerStep(work.stage), settings.microBatchSize ?? Number.POSITIVE_INFINITY))
  const smaller = (from: Trial): Trial[] => sizes.map((size) => change(from, { microBatchSize: size }, `microBatchSize: ${size}`))
  return [...saved, ...saved.toReversed().flatMap(smaller)]
}

function withoutVllm(trial: Trial): Trial[] {
  return trial.training.settings.vllm ? [trial, change(trial, { vllm: false }, 'vllm: false')] : [trial]
}

function withFewerBits(trial: Trial): Trial[] {
  const { precision, kind } = trial.training.settings
  const order: readonly MemorySettings['precision'][] = kind === 'cuda' ? ['f32', 'bf16', '4bit'] : ['f32', 'bf16']
  const lower = order.slice(order.indexOf(precision) + 1)
  return [trial, ...lower.map((next) => change(trial, { precision: next }, `precision: '${next}'`))]
}

function withFewerSamples(trial: Trial): Trial[] {
  const { stage } = trial.training.work
  if (!('promptsPerStep' in stage)) return [trial]
  return [
    trial,
    ...halvings(stage.promptsPerStep).map((count) => changeMethod(trial, { ...stage, promptsPerStep: count }, `promptsPerStep: ${count}`)),
  ]
}

function change(trial: Trial, settings: Partial<MemorySettings>, words: string): Trial {
  const training = { ...trial.training, settings: { ...trial.training.settings, ...settings } }
  return { ...trial, training, options: [...trial.options, words] }
}

function changeMethod(trial: Trial, stage: StageSpec, words: string): Trial {
  const training = { ...trial.training, work: { ...trial.training.work, stage } }
  return { ...trial, training, method: [...trial.method, words] }
}

/** Half, a quarter, … down to 1. */
function halvings(value: number): number[] {
  const sizes: number[] = []
  for (let size = Math.floor(value / 2); size >= 1; size = Math.floor(size / 2)) sizes.push(size)
  return sizes
}

function describe({ options, method }: Trial, arm: string): string {
  const inTrainer = options.length === 0 ? [] : [`write ${options.join(', ')} in trl({ … })`]
  const inArm = method.length === 0 ? [] : [`write ${method.join(', ')} in arm "${arm}"`]
  return [...inTrainer, ...inArm].join(' and ')
}
