/**
 * @file Lays token sequences of different length into micro-batches of even rows, several short sequences to a row and a shared prompt only
 * once. A pure function of the request: the same sequences give the same micro-batches. Knows no model.
 */

/** One sequence and a number for each of its completion tokens: positions where it is zero need no logits. */
export interface WeightedSequence {
  readonly ids: Int32Array
  readonly promptLength: number
  /** f32[ids.length - promptLength] */
  readonly weights: Float32Array
}

/**
 * Where a sequence lies: its index in the request, its row, and its tokens `shared` to `shared + length`, which begin at column `start`.
 * The `shared` tokens before them are those of another sequence with the same prompt; they lie at `sharedStart` of the same row.
 */
export interface Placement {
  readonly sequence: number
  readonly row: number
  readonly start: number
  readonly length: number
  readonly shared: number
  readonly sharedStart: number
}

/** Sequences that are computed together, `rowCount` rows of `rowLength` tokens. */
export interface MicroBatch {
  readonly rowCount: number
  readonly rowLength: number
  readonly placements: readonly Placement[]
}

/** Sequences that share a prompt are laid behind it up to this row length; longer rows cost more in attention than they save. */
export const SHARED_ROW_TOKENS = 256
/** Shorter prompts are not worth sharing. */
const FEWEST_SHARED = 8

/** Micro-batches of at most `maxTokens` tokens, padding included (one longer sequence still gets a micro-batch of its own). */
export function packSequences(sequences: readonly WeightedSequence[], maxTokens: number): readonly MicroBatch[] {
  let waiting = blocks(sequences).toSorted((a, b) => b.length - a.length || a.first - b.first)
  const batches: MicroBatch[] = []
  while (waiting.length > 0) {
    const rowLength = roundLength(waiting[0]?.length ?? 0)
    const maxRows = Math.max(1, Math.floor(maxTokens / rowLength))
    const used: number[] = []
    const placements: Placement[] = []
    waiting = waiting.filter(({ length, parts }) => {
      let row = used.findIndex((tokens) => tokens + length <= rowLength)
      if (row === -1 && used.length < maxRows) row = used.push(0) - 1
      if (row === -1) return true
      const offset = used[row] as number
      placements.push(...parts.map((part) => ({ ...part, row, start: part.start + offset, sharedStart: offset })))
      used[row] = offset + length
      return false
    })
    batches.push({ rowCount: used.length, rowLength, placements })
  }
  return batches
}

/** Sequences that lie together in one row: one whole sequence and others that share its prompt. */
interface Block {
  readonly first: number
  length: number
  readonly parts: Omit<Placement, 'row' | 'sharedStart'>[]
}

function blocks(sequences: readonly WeightedSequence[]): readonly Block[] {
  const open = new Map<string, Block>()
  const found: Block[] = []
  sequences.forEach((sequence, index) => {
    const total = computedLength(sequence)
    if (total === 0) return
    const shared = sharedLength(sequence)
    const key = shared === 0 ? undefined : sequence.ids.subarray(0, sequence.promptLength).join()
    const block = key === undefined ? undefined : open.get(key)
    if (block && block.length + total - shared <= SHARED_ROW_TOKENS) {
      block.parts.push({ sequence: index, start: block.length, length: total - shared, shared })
      block.length += total - shared
      return
    }
    const created: Block = { first: index, length: total, parts: [{ sequence: index, start: 0, length: total, shared: 0 }] }
    found.push(created)
    if (key !== undefined) open.set(key, created)
  })
  return found
}

/** All of the prompt but its last token, whose prediction differs from sequence to sequence. */
function sharedLength({ promptLength }: WeightedSequence): number {
  return promptLength > FEWEST_SHARED ? promptLength - 1 : 0
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
