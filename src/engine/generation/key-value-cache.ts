/**
 * @file The keys and values of every token that the rows of a batch have seen, kept in JavaScript memory because a run would copy them whole.
 * A graph reads them as inputs and gives back only the new ones, which are written here. It knows nothing of tokens or sampling.
 */
import type { PlainTensor } from '../session.ts'

/** The sizes that a cache has from its model. */
export interface CacheShape {
  readonly layerCount: number
  /** Heads that have keys and values of their own (fewer than query heads under grouped-query attention). */
  readonly headCount: number
  readonly headSize: number
}

/** New keys and values as the graph gives them: f32[2 · layers, rows, heads, tokens, headSize], keys of a layer before its values. */
export interface KeyValueBlock {
  readonly data: Float32Array
  readonly rowCount: number
  readonly tokenCount: number
}

/** The capacity grows by this many tokens, so that attention never reads far past the longest row. */
const CAPACITY_STEP_TOKENS = 32

/** Keys and values of `rowCount` rows, each with a length of its own. */
export class KeyValueCache {
  readonly shape: CacheShape
  rowCount: number
  /** Tokens that each row holds. */
  lengths: Int32Array
  /** Tokens that each row has room for. */
  capacity = 0
  /** f32[rows, heads, capacity, headSize] at the start of each, for the keys of layer 0, its values, the keys of layer 1, … */
  #planes: Float32Array[]

  /** @param expectedTokens that a row is expected to grow to: room for it is taken at once, though attention reads only the capacity in use */
  constructor(shape: CacheShape, rowCount: number, expectedTokens = 0) {
    this.shape = shape
    this.rowCount = rowCount
    this.lengths = new Int32Array(rowCount)
    const size = rowCount * shape.headCount * roundUp(expectedTokens) * shape.headSize
    this.#planes = Array.from({ length: 2 * shape.layerCount }, () => new Float32Array(size))
  }

  /** The cache as inputs of a graph: `pastKey.0`, `pastValue.0`, … */
  feeds(): Record<string, PlainTensor> {
    const dims = [this.rowCount, this.shape.headCount, this.capacity, this.shape.headSize]
    const size = dims.reduce((product, length) => product * length, 1)
    return Object.fromEntries(this.#planes.map((plane, i) => [pastName(i), { type: 'float32', dims, data: plane.subarray(0, size) }]))
  }

  /** Makes room for `length` tokens in every row. */
  reserve(length: number): void {
    if (length <= this.capacity) return
    const capacity = roundUp(length)
    const blocks = this.rowCount * this.shape.headCount
    const { headSize } = this.shape
    const [kept, stride] = [Math.max(...this.lengths) * headSize, capacity * headSize]
    this.#planes = this.#planes.map((plane) => {
      const next = plane.length >= blocks * stride ? plane : new Float32Array(blocks * stride)
      // From the last one on: every block moves away from the start, onto what has been moved already.
      for (let block = blocks - 1; block >= 0; block--) {
        const from = block * this.capacity * headSize
        if (next === plane) plane.copyWithin(block * stride, from, from + kept)
        else next.set(plane.subarray(from, from + kept), block * stride)
      }
      return next
    })
    this.capacity = capacity
  }

  /** Keeps only `rows`, in their order, with as little room as they need. */
  keepRows(rows: readonly number[]): void {
    const longest = rows.reduce((most, row) => Math.max(most, this.lengths[row] as number), 0)
    this.#rebuild(rows, roundUp(longest + 1))
  }

  /** Replaces the contents of `row` by the first `length` tokens of row `sourceRow` of a block. */
  load(row: number, source: { readonly block: KeyValueBlock; readonly sourceRow: number; readonly length: number }): void {
    const { headCount, headSize } = this.shape
    const { block, sourceRow, length } = source
    this.reserve(length)
    for (const [plane, target] of this.#planes.entries()) {
      for (let head = 0; head < headCount; head++) {
        const from = ((plane * block.rowCount + sourceRow) * headCount + head) * block.tokenCount * headSize
        target.set(block.data.subarray(from, from + length * headSize), (row * headCount + head) * this.capacity * headSize)
      }
    }
    this.lengths[row] = length
  }

  /** Adds one token to each of `rows` from a block of one token per row of the cache. Room must have been reserved. */
  append(rows: readonly number[], block: KeyValueBlock): void {
    const { headCount, headSize } = this.shape
    const { data } = block
    for (const [plane, target] of this.#planes.entries()) {
      for (const row of rows) {
        for (let head = 0; head < headCount; head++) {
          const from = ((plane * block.rowCount + row) * headCount + head) * headSize
          const to = ((row * headCount + head) * this.capacity + (this.lengths[row] as number)) * headSize
          // A plain loop: for so few numbers it is several times faster than subarray and set.
          for (let i = 0; i < headSize; i++) target[to + i] = data[from + i] as number
        }
      }
    }
    for (const row of rows) this.lengths[row] = (this.lengths[row] as number) + 1
  }

  #rebuild(rows: readonly number[], capacity: number): void {
    const { headCount, headSize } = this.shape
    const kept = Math.min(this.capacity, capacity) * headSize
    this.#planes = this.#planes.map((plane) => {
      const next = new Float32Array(rows.length * headCount * capacity * headSize)
      for (const [target, row] of rows.entries()) {
        for (let head = 0; head < headCount; head++) {
          const from = (row * headCount + head) * this.capacity * headSize
          next.set(plane.subarray(from, from + kept), (target * headCount + head) * capacity * headSize)
        }
      }
      return next
    })
    this.lengths = Int32Array.from(rows, (row) => this.lengths[row] as number)
    this.rowCount = rows.length
    this.capacity = capacity
  }
}

function roundUp(tokens: number): number {
  return Math.ceil(tokens / CAPACITY_STEP_TOKENS) * CAPACITY_STEP_TOKENS
}

/** The input that takes plane `plane` of the cache. */
export function pastName(plane: number): string {
  return `${plane % 2 === 0 ? 'pastKey' : 'pastValue'}.${plane >> 1}`
}
