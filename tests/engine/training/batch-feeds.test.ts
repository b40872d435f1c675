import { describe, expect, it } from 'vitest'
import { TOKEN_INPUTS, batchFeeds } from '../../../src/engine/training/batch-feeds.ts'
import type { MicroBatch, WeightedSequence } from '../../../src/engine/training/packing.ts'

/** Two sequences in the first row of two, a third in the second row. */
const batch: MicroBatch = {
  rowCount: 2,
  rowLength: 4,
  placements: [
    { sequence: 0, row: 0, start: 0, length: 2, shared: 0, sharedStart: 0 },
    { sequence: 1, row: 0, start: 2, length: 2, shared: 0, sharedStart: 2 },
    { sequence: 2, row: 1, start: 0, length: 3, shared: 0, sharedStart: 0 },
  ],
}
const sequences: readonly WeightedSequence[] = [
  { ids: Int32Array.of(11, 12, 13), promptLength: 1, weights: Float32Array.of(0.5, -1) },
  { ids: Int32Array.of(21, 22, 23), promptLength: 2, weights: Float32Array.of(2) },
  { ids: Int32Array.of(31, 32, 33, 34, 35), promptLength: 2, weights: Float32Array.of(0, 3, 0) },
]

describe('batchFeeds()', () => {
  const feeds = batchFeeds(batch, sequences)

  it('lays tokens position by position, each sequence from position 0', () => {
    expect(feeds.tokens[TOKEN_INPUTS.ids]).toEqual({ type: 'int32', dims: [4, 2], data: Int32Array.of(11, 31, 12, 32, 21, 33, 22, 0) })
    expect(feeds.tokens[TOKEN_INPUTS.positions]?.data).toEqual(Int32Array.of(0, 0, 1, 1, 0, 2, 1, 0))
  })

  it('lets a token see its own sequence up to itself and nothing else', () => {
    const { dims, data } = feeds.tokens[TOKEN_INPUTS.mask] ?? { dims: [], data: [] }
    expect(dims).toEqual([2, 4, 4])
    const seen = Array.from(data as Float32Array, (value) => (value === 0 ? 'x' : value === -1e9 ? '.' : '?')).join('')
    expect(seen.match(/.{4}/g)).toEqual(['x...', 'xx..', '..x.', '..xx', 'x...', 'xx..', 'xxx.', '....'])
  })

  it('chooses the row before each weighted token, with its target, weight and origin', () => {
    expect(feeds.origins).toEqual([
      { sequence: 0, index: 0 },
      { sequence: 0, index: 1 },
      { sequence: 1, index: 0 },
      { sequence: 2, index: 1 },
    ])
    expect([...(feeds.rows.data as Int32Array).subarray(0, 4)]).toEqual([0, 2, 6, 5])
    expect([...(feeds.targets.data as Int32Array).subarray(0, 4)]).toEqual([12, 13, 23, 34])
    expect([...(feeds.weights.data as Float32Array).subarray(0, 4)]).toEqual([0.5, -1, 2, 3])
  })

  it('fills the chosen rows up to a multiple of 32 with weight 0, and sends rows that were not chosen to the row after them', () => {
    expect([feeds.rows, feeds.targets, feeds.weights].map(({ dims }) => dims)).toEqual([[32], [32], [32]])
    expect((feeds.weights.data as Float32Array).subarray(4).every((weight) => weight === 0)).toBe(true)
    expect(feeds.inverse).toEqual({ type: 'int32', dims: [4, 2], data: Int32Array.of(0, 32, 1, 32, 32, 3, 2, 32) })
  })
})

describe('batchFeeds() of a shared prompt', () => {
  const shared: MicroBatch = {
    rowCount: 1,
    rowLength: 6,
    placements: [
      { sequence: 0, row: 0, start: 0, length: 4, shared: 0, sharedStart: 0 },
      { sequence: 1, row: 0, start: 4, length: 2, shared: 2, sharedStart: 0 },
    ],
  }
  const samples: readonly WeightedSequence[] = [
    { ids: Int32Array.of(1, 2, 3, 4, 5), promptLength: 3, weights: Float32Array.of(1, 1) },
    { ids: Int32Array.of(1, 2, 3, 6, 7), promptLength: 3, weights: Float32Array.of(1, 1) },
  ]
  const feeds = batchFeeds(shared, samples)

  it('goes on with the positions behind the prompt, which the second sequence sees but not the first completion', () => {
    expect(feeds.tokens[TOKEN_INPUTS.ids]?.data).toEqual(Int32Array.of(1, 2, 3, 4, 3, 6))
    expect(feeds.tokens[TOKEN_INPUTS.positions]?.data).toEqual(Int32Array.of(0, 1, 2, 3, 2, 3))
    const seen = Array.from(feeds.tokens[TOKEN_INPUTS.mask]?.data as Float32Array, (value) => (value === 0 ? 'x' : '.')).join('')
    expect(seen.match(/.{6}/g)).toEqual(['x.....', 'xx....', 'xxx...', 'xxxx..', 'xx..x.', 'xx..xx'])
  })

  it('predicts the first completion token of each sequence from a row of its own', () => {
    expect([...(feeds.rows.data as Int32Array).subarray(0, 4)]).toEqual([2, 3, 4, 5])
    expect([...(feeds.targets.data as Int32Array).subarray(0, 4)]).toEqual([4, 5, 6, 7])
  })
})
