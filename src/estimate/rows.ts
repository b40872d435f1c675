/**
 * @file How many sequences pass through the model at once, as the Python runner decides it: micro batches while it updates, batches of bounded size
 * while it samples. Pure.
 */
import { isSampled, type StageSpec } from '../method/method-spec.ts'

/** Rows times tokens that the runner samples at once: `BATCH_TOKENS` of its sampling.py. */
const SAMPLING_TOKENS = 16_384

/** Sequences of one forward and backward pass. Both answers of a pair go through together, and count as one for `microBatchSize`. */
export function updateRows(stage: StageSpec, microBatchSize: number | null): number {
  const rows = examplesPerStep(stage)
  const least = stage.name === 'kto' ? 2 : 1
  const limit = Math.max(least, Math.min(rows, microBatchSize ?? rows))
  const perExample = stage.name === 'dpo' || stage.name === 'simpo' ? 2 : 1
  return perExample * largestDivisor(rows, limit)
}

/** What a step learns from: demonstrations, pairs, thumbs, or sampled completions. */
export function examplesPerStep(stage: StageSpec): number {
  return 'promptsPerStep' in stage ? stage.promptsPerStep * stage.samplesPerPrompt : stage.batchSize
}

/** Completions that are drawn at once; 0 where a stage draws none. */
export function samplingRows(stage: StageSpec, tokensPerRow: number): number {
  const wanted = completionsDrawn(stage)
  return Math.min(wanted, Math.max(1, Math.floor(SAMPLING_TOKENS / tokensPerRow)))
}

function completionsDrawn(stage: StageSpec): number {
  if ('promptsPerStep' in stage) return stage.promptsPerStep * stage.samplesPerPrompt
  if (stage.name === 'raft') return stage.promptsPerEpoch * stage.samplesPerPrompt
  return isSampled(stage) ? Number.POSITIVE_INFINITY : 0
}

function largestDivisor(value: number, limit: number): number {
  for (let divisor = limit; divisor > 1; divisor--) if (value % divisor === 0) return divisor
  return 1
}
