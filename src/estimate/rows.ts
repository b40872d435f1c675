/**
 * @file How many sequences pass through the model at once, as the Python runner decides it: micro batches while it updates, batches of bounded size
 * while it samples. Pure.
 */
import { formOf, type StageSpec } from '../method/method-spec.ts'

/** Rows times tokens that the runner samples at once: `BATCH_TOKENS` of its sampling.py. */
const SAMPLING_TOKENS = 16_384

/** Sequences of one forward and backward pass. Both answers of a pair go through together, and count as one for `microBatchSize`. */
export function updateRows(stage: StageSpec, microBatchSize: number | null): number {
  const { leastExamples, rowsPerExample } = formOf(stage)
  const rows = examplesPerStep(stage)
  const limit = Math.max(leastExamples, Math.min(rows, microBatchSize ?? rows))
  return rowsPerExample * largestDivisor(rows, limit)
}

/** What a step learns from: demonstrations, pairs, thumbs, or sampled completions. */
export function examplesPerStep(stage: StageSpec): number {
  return formOf(stage).examplesPerStep(stage)
}

/** Completions that are drawn at once; 0 where a stage draws none. */
export function samplingRows(stage: StageSpec, tokensPerRow: number): number {
  const wanted = formOf(stage).drawn(stage, Number.POSITIVE_INFINITY).atOnce
  return Math.min(wanted, Math.max(1, Math.floor(SAMPLING_TOKENS / tokensPerRow)))
}

function largestDivisor(value: number, limit: number): number {
  for (let divisor = limit; divisor > 1; divisor--) if (value % divisor === 0) return divisor
  return 1
}
