/**
 * @file The memory that an arm's round would need on the trl trainer, and the refusal where there is too little.
 */
import { isHoldfastError } from '../../base/errors.ts'
import type { Suite } from '../../suite/checked-suite.ts'
import type { ExampleLengths } from '../../estimate/text-lengths.ts'
import { isSampled, stagesOf, type MethodSpec, type StageSpec } from '../../method/method-spec.ts'
import type { MemoryTooSmallError } from '../../trainer/trl/estimate/errors.ts'
import { checkMemory } from '../../trainer/trl/estimate/fit.ts'
import { estimateMemory, type MemoryEstimate, type MemorySettings } from '../../trainer/trl/estimate/memory.ts'
import { usesCheckpointing, type DryRunInput } from './device.ts'

/** One arm's round as far as memory depends on it. */
export interface MemoryQuestion {
  readonly round: string
  readonly arm: string
  readonly method: MethodSpec
  readonly lengths: ExampleLengths
  readonly maxNewTokens: number
}

/** The hungriest stage's estimate, and why it would not fit. */
export interface MemoryAnswer {
  readonly memory: MemoryEstimate | null
  readonly shortage: MemoryTooSmallError | null
}

/** Estimates every stage; null for the embedded trainer. */
export function memoryOf(suite: Suite, question: MemoryQuestion, { base, device }: DryRunInput): MemoryAnswer {
  if (suite.trainer.name !== 'trl') return { memory: null, shortage: null }
  const settings: MemorySettings = {
    kind: device.kind,
    precision: device.precision,
    gradientCheckpointing: usesCheckpointing(suite, device),
    microBatchSize: suite.trainer.microBatchSize ?? null,
    vllm: suite.trainer.vllm ?? false,
    deviceBytes: device.memoryBytes,
  }
  const trainings = stagesOf(question.method).map((stage) => ({
    model: base.figures,
    settings,
    work: { stage, lora: suite.lora, promptTokens: question.lengths.prompts.longest, completionTokens: completionTokens(stage, question) },
  }))
  const estimates = trainings.map((training) => ({ training, estimate: estimateMemory(training.model, training.work, settings) }))
  const hungriest = estimates.reduce((a, b) => (b.estimate.totalBytes > a.estimate.totalBytes ? b : a))
  const { memoryBytes } = device
  if (memoryBytes === null) return { memory: hungriest.estimate, shortage: null }
  try {
    const available = { name: device.speed.name, bytes: memoryBytes }
    return { memory: checkMemory(hungriest.training, { round: question.round, arm: question.arm, available }), shortage: null }
  } catch (error) {
    if (!isHoldfastError(error) || error.code !== 'MEMORY_TOO_SMALL') throw error
    return { memory: hungriest.estimate, shortage: error as MemoryTooSmallError }
  }
}

function completionTokens(stage: StageSpec, { lengths, maxNewTokens }: MemoryQuestion): number {
  return isSampled(stage) ? maxNewTokens : lengths.answers.longest
}
