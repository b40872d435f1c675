/**
 * @file A micro-batch as the tensors that the training graphs take. Token rows lie position by position: row = position · rowCount + b.
 */
import type { PlainTensor, PlainTensors } from '../session.ts'
import type { MicroBatch, WeightedSequence } from './packing.ts'

/** The inputs that every graph over sequences has. */
export const TOKEN_INPUTS = { ids: 'tokens.ids', positions: 'tokens.positions', mask: 'tokens.mask' } as const

/** The inputs that choose rows for the output head. */
export const HEAD_INPUTS = {
  rows: 'head.rows',
  inverse: 'head.inverse',
  targets: 'head.targets',
  weights: 'head.weights',
  inverseTemperature: 'head.inverseTemperature',
} as const

/** Added to a score, it leaves nothing of it after the softmax. */
const HIDDEN = -1e9
/** The number of rows for the head is rounded up to a multiple of this, so that the runtime sees few shapes. */
const HEAD_ROW_STEP = 32

/** The completion token that a head row predicts: sequence of the request and index within the completion. */
export interface HeadOrigin {
  readonly sequence: number
  readonly index: number
}

export interface BatchFeeds {
  readonly tokens: PlainTensors
  readonly rows: PlainTensor
  /** For each token row its head row, or the head row count where it has none. */
  readonly inverse: PlainTensor
  readonly targets: PlainTensor
  readonly weights: PlainTensor
  /** One for each real head row; padding rows follow them and weigh 0. */
  readonly origins: readonly HeadOrigin[]
}

export function batchFeeds(batch: MicroBatch, sequences: readonly WeightedSequence[]): BatchFeeds {
  return { tokens: tokenFeeds(batch, sequences), ...headFeeds(batch, sequences) }
}

export function int32(dims: readonly number[], data: Int32Array): PlainTensor {
  return { type: 'int32', dims, data }
}

export function float32(dims: readonly number[], data: Float32Array): PlainTensor {
  return { type: 'float32', dims, data }
}

function tokenFeeds({ rowCount, rowLength, placements }: MicroBatch, sequences: readonly WeightedSequence[]): PlainTensors {
  const ids = new Int32Array(rowCount * rowLength)
  const positions = new Int32Array(rowCount * rowLength)
  const mask = new Float32Array(rowCount * rowLength * rowLength).fill(HIDDEN)
  for (const { sequence, row, start, length, shared, sharedStart } of placements) {
    const source = (sequences[sequence] as WeightedSequence).ids
    for (let t = 0; t < length; t++) {
      const at = (start + t) * rowCount + row
      ids[at] = source[shared + t] as number
      positions[at] = shared + t
      const line = (row * rowLength + start + t) * rowLength
      mask.fill(0, line + sharedStart, line + sharedStart + shared)
      mask.fill(0, line + start, line + start + t + 1)
    }
  }
  return {
    [TOKEN_INPUTS.ids]: int32([rowLength, rowCount], ids),
    [TOKEN_INPUTS.positions]: int32([rowLength, rowCount], positions),
    [TOKEN_INPUTS.mask]: float32([rowCount, rowLength, rowLength], mask),
  }
}

function headFeeds({ rowCount, rowLength, placements }: MicroBatch, sequences: readonly WeightedSequence[]): Omit<BatchFeeds, 'tokens'> {
  const origins: HeadOrigin[] = []
  const chosen: { readonly row: number; readonly target: number; readonly weight: number }[] = []
  for (const { sequence, row, start, shared } of placements) {
    const { ids, promptLength, weights } = sequences[sequence] as WeightedSequence
    weights.forEach((weight, index) => {
      if (weight === 0) return
      const position = start - shared + promptLength + index - 1
      origins.push({ sequence, index })
      chosen.push({ row: position * rowCount + row, target: ids[promptLength + index] as number, weight })
    })
  }
  const count = Math.ceil(chosen.length / HEAD_ROW_STEP) * HEAD_ROW_STEP
  const inverse = new Int32Array(rowCount * rowLength).fill(count)
  chosen.forEach(({ row }, i) => (inverse[row] = i))
  const pad = <T extends Int32Array | Float32Array>(array: T, pick: (item: (typeof chosen)[number]) => number): T => {
    chosen.forEach((item, i) => (array[i] = pick(item)))
    return array
  }
  return {
    rows: int32(
      [count],
      pad(new Int32Array(count), (item) => item.row),
    ),
    inverse: int32([rowLength, rowCount], inverse),
    targets: int32(
      [count],
      pad(new Int32Array(count), (item) => item.target),
    ),
    weights: float32(
      [count],
      pad(new Float32Array(count), (item) => item.weight),
    ),
    origins,
  }
}
