/**
 * @file The refusal of a training that would not fit into memory.
 */
import { defineError } from '../base/errors.ts'
import { formatBytes } from './format-figures.ts'
import type { MemoryEstimate } from './memory.ts'

/** What a training needs, what there is, and what would make it fit. */
export interface MemoryShortage {
  readonly round: string
  readonly arm: string
  readonly estimate: MemoryEstimate
  readonly available: { readonly name: string; readonly bytes: number }
  /** The cheapest change that fits, in words; null when none does. */
  readonly change: { readonly words: string; readonly bytes: number } | null
  /** The least that any setting needs. */
  readonly leastBytes: number
}

/** By the estimate a training does not fit into its device's memory. */
export class MemoryTooSmallError extends defineError('MEMORY_TOO_SMALL', (data: MemoryShortage) => {
  const { estimate, available, change } = data
  return {
    summary: `By estimate this training needs ${formatBytes(estimate.totalBytes)}, ${available.name} has ${formatBytes(available.bytes)}: ${describeParts(estimate)}`,
    where: `round "${data.round}", arm "${data.arm}", while ${estimate.peak}`,
    fix:
      change === null
        ? `use a smaller model, shorter texts or a device with at least ${formatBytes(data.leastBytes)}: no setting of this training fits`
        : `${change.words} (then about ${formatBytes(change.bytes)})`,
  }
}) {}

/** The parts, largest first, without those that round to nothing. */
function describeParts(estimate: MemoryEstimate): string {
  const large = estimate.parts.filter((part) => part.bytes >= estimate.totalBytes / 100).toSorted((a, b) => b.bytes - a.bytes)
  return large.map((part) => `${part.name} ${formatBytes(part.bytes)}`).join(', ')
}
