import { describe, expect, it } from 'vitest'
import { packSequences, roundLength, type WeightedSequence } from '../../../src/engine/training/packing.ts'

const sequence = (length: number, promptLength = 1, lastZeros = 0): WeightedSequence => ({
  ids: Int32Array.from({ length }, (_, i) => i),
  promptLength,
  weights: Float32Array.from({ length: length - promptLength }, (_, i) => (i < length - promptLength - lastZeros ? 1 : 0)),
})

describe('packSequences()', () => {
  it('computes tokens up to the last weighted one without the token that is only a target', () => {
    const [batch] = packSequences([sequence(11, 3, 2)], 100)
    expect(batch?.placements).toEqual([{ sequence: 0, row: 0, start: 0, length: 8, shared: 0, sharedStart: 0 }])
  })

  it('lays short sequences behind each other, longest first, in rows of one length', () => {
    const batches = packSequences([sequence(5), sequence(17), sequence(13)], 1000)
    expect(batches).toEqual([
      {
        rowCount: 2,
        rowLength: 16,
        placements: [
          { sequence: 1, row: 0, start: 0, length: 16, shared: 0, sharedStart: 0 },
          { sequence: 2, row: 1, start: 0, length: 12, shared: 0, sharedStart: 0 },
          { sequence: 0, row: 1, start: 12, length: 4, shared: 0, sharedStart: 12 },
        ],
      },
    ])
  })

  it('starts another micro-batch where the tokens would be too many, padding included', () => {
    const batches = packSequences([sequence(33), sequence(33), sequence(33)], 64)
    expect(batches.map(({ rowCount, rowLength }) => [rowCount, rowLength])).toEqual([
      [2, 32],
      [1, 32],
    ])
    expect(batches.map(({ placements }) => placements.map((placement) => placement.sequence))).toEqual([[0, 1], [2]])
  })

  it('gives a sequence that is longer than the limit a micro-batch of its own', () => {
    expect(packSequences([sequence(40)], 16)).toEqual([
      { rowCount: 1, rowLength: roundLength(39), placements: [{ sequence: 0, row: 0, start: 0, length: 39, shared: 0, sharedStart: 0 }] },
    ])
  })

  it('leaves out sequences without any weight, and gives nothing for none', () => {
    expect(packSequences([sequence(6, 1, 5)], 64)).toEqual([])
    expect(packSequences([], 64)).toEqual([])
  })

  it('places every weighted sequence once, inside its row and beside no other', () => {
    const sequences = Array.from({ length: 60 }, (_, i) => sequence(2 + ((i * 37) % 90)))
    const batches = packSequences(sequences, 300)
    const placed = batches.flatMap(({ placements }) => placements.map((placement) => placement.sequence))
    expect(placed.toSorted((a, b) => a - b)).toEqual(sequences.map((_, i) => i))
    for (const { rowCount, rowLength, placements } of batches) {
      expect(rowCount * rowLength).toBeLessThanOrEqual(300)
      const taken = new Set<number>()
      for (const { row, start, length, sequence: index } of placements) {
        expect(length).toBe((sequences[index]?.ids.length as number) - 1)
        expect(row).toBeLessThan(rowCount)
        expect(start + length).toBeLessThanOrEqual(rowLength)
        for (let t = start; t < start + length; t++) {
          expect(taken.has(row * rowLength + t)).toBe(false)
          taken.add(row * rowLength + t)
        }
      }
    }
  })
})

describe('packSequences() of sequences that share a prompt', () => {
  const samples = (count: number, promptLength: number, completion: number): WeightedSequence[] =>
    Array.from({ length: count }, () => sequence(promptLength + completion, promptLength))

  it('lays the prompt once, without its last token, and the rest of each sequence behind it', () => {
    const [batch] = packSequences([sequence(31, 31 - 3), ...samples(3, 20, 11)], 1000)
    expect(batch?.rowLength).toBe(64)
    expect(batch?.placements).toEqual([
      { sequence: 1, row: 0, start: 0, length: 30, shared: 0, sharedStart: 0 },
      { sequence: 2, row: 0, start: 30, length: 11, shared: 19, sharedStart: 0 },
      { sequence: 3, row: 0, start: 41, length: 11, shared: 19, sharedStart: 0 },
      { sequence: 0, row: 1, start: 0, length: 30, shared: 0, sharedStart: 0 },
    ])
  })

  it('begins another row where a row would grow beyond 256 tokens', () => {
    const batches = packSequences(samples(8, 53, 48), 4096)
    expect(batches.map(({ rowCount, rowLength }) => [rowCount, rowLength])).toEqual([[2, 256]])
    expect(batches[0]?.placements.map(({ row, shared }) => [row, shared])).toEqual(
      [0, 52, 52, 52, 0, 52, 52, 52].map((shared, i) => [i < 4 ? 0 : 1, shared]),
    )
  })

  it('shares no prompt of 8 tokens or fewer', () => {
    const [batch] = packSequences(samples(4, 8, 8), 1000)
    expect(batch?.placements.every(({ shared, length }) => shared === 0 && length === 15)).toBe(true)
  })
})

describe('roundLength()', () => {
  it('rounds up to steps of 16, and to a quarter of the power of two beyond 128', () => {
    expect([1, 16, 17, 100, 127, 128, 129, 255, 257, 600].map(roundLength)).toEqual([16, 16, 32, 112, 128, 128, 160, 256, 320, 640])
  })
})
