/**
 * @file The memory that a training needs, part by part, as its trainer estimates it.
 */

export interface MemoryPart {
  readonly name: string
  readonly bytes: number
}

/** The parts in use at the peak; the total is their sum. */
export interface MemoryEstimate {
  readonly peak: 'updating' | 'sampling'
  readonly parts: readonly MemoryPart[]
  readonly totalBytes: number
}
