/**
 * @file Lays token sequences of different length into micro-batches of even rows, several short sequences to a row, and says which positions
 * reach the output head. A pure function of the request: the same sequences give the same micro-batches. Knows no model.
 */

/** One sequence and a number for each of its completion tokens: positions where it is zero need no logits. */
export interface WeightedSequence {
  readonly ids: Int32Array
  readonly promptLength: number
  /** f32[ids.length - promptLength] */
  readonly weights: Float32Array
}

/** Where a sequence lies: its index in the request, its row and first column, and how many of its tokens are computed. */
export interface Placement {
  readonly sequence: number
  readonly row: number
  readonly start: number
  readonly length: number
}

/** Sequences that are computed together, `rowCount` rows of `rowLength` tokens. */
export interface MicroBatch {
  readonly rowCount: number
  readonly rowLength: number
  readonly placements: readonly Placement[]
}

/** Micro-batches of at most `maxTokens` tokens, padding included (one longer sequence still gets a micro-batch of its own). */
export function packSequences(sequences: readonly WeightedSequence[], maxTokens: number): readonly MicroBatch[] {
  let waiting = sequences
    .map((sequence, index) => ({ sequence: index, length: computedLength(sequence) }))
    .filter((item) => item.length > 0)
    .toSorted((a, b) => b.length - a.length || a.sequence - b.sequence)
  const batches: MicroBatch[] = []
  while (waiting.length > 0) {
    const rowLength = roundLength(waiting[0]?.length ?? 0)
    const maxRows = Math.max(1, Math.floor(maxTokens / rowLength))
    const used: number[] = []
    const placements: Placement[] = []
    waiting = waiting.filter(({ sequence, length }) => {
      let row = used.findIndex((tokens) => tokens + length <= rowLength)
      if (row === -1 && used.length < maxRows) row = used.push(0) - 1
      if (row === -1) return true
      const start = used[row] as number
      placements.push({ sequence, row, start, length })
      used[row] = start + length
      return false
    })
    batches.push({ rowCount: used.length, rowLength, placements })
  }
  return batches
}

/** Tokens up to the last position whose prediction is wanted; the token that follows it is only a target. */
function computedLength({ promptLength, weights }: WeightedSequence): number {
  const last = weights.findLastIndex((weight) => weight !== 0)
  return last === -1 ? 0 : promptLength + last
}

/** The next of few row lengths (steps of 16, wider beyond 128), so that the runtime sees few shapes. */
export function roundLength(length: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(length)) - 2))
  return Math.ceil(length / step) * step
}
