import { expect, test } from 'vitest'
import { KeyValueCache } from '../../../src/engine/generation/key-value-cache.ts'

const SHAPE = { layerCount: 1, headCount: 2, headSize: 2 }

/** A block whose numbers name their place: plane, row, head, token, element. */
function block(rowCount: number, tokenCount: number, offset = 0): { data: Float32Array; rowCount: number; tokenCount: number } {
  const places: number[] = []
  for (let plane = 0; plane < 2; plane++)
    for (let row = 0; row < rowCount; row++)
      for (let head = 0; head < 2; head++)
        for (let token = 0; token < tokenCount; token++) {
          for (let i = 0; i < 2; i++) places.push(offset + plane * 10_000 + row * 1000 + head * 100 + token * 10 + i)
        }
  return { data: Float32Array.from(places), rowCount, tokenCount }
}

/** The first element of every token that `row` holds for one head of one plane. */
function tokensOf(cache: KeyValueCache, row: number, { name = 'pastKey.0', head = 0 } = {}): number[] {
  const data = cache.feeds()[name]?.data as Float32Array
  return Array.from({ length: cache.lengths[row] as number }, (_, token) => data[((row * 2 + head) * cache.capacity + token) * 2] as number)
}

test('KeyValueCache.load() takes the beginning of one row of a block', () => {
  const cache = new KeyValueCache(SHAPE, 2)
  cache.load(1, { block: block(3, 4), sourceRow: 2, length: 3 })
  expect(tokensOf(cache, 1)).toEqual([2000, 2010, 2020])
  expect(tokensOf(cache, 1, { name: 'pastValue.0', head: 1 })).toEqual([12_100, 12_110, 12_120])
  expect(tokensOf(cache, 0)).toEqual([])
})

test('KeyValueCache.append() adds a token behind what each row holds, across growth', () => {
  const cache = new KeyValueCache(SHAPE, 2)
  cache.load(0, { block: block(1, 31), sourceRow: 0, length: 31 })
  cache.reserve(32)
  cache.append([0, 1], block(2, 1, 50_000))
  cache.reserve(33)
  cache.append([0], block(2, 1, 60_000))
  expect(cache.capacity).toBe(64)
  expect(tokensOf(cache, 0).slice(-3)).toEqual([300, 50_000, 60_000])
  expect(tokensOf(cache, 1)).toEqual([51_000])
  expect(tokensOf(cache, 1, { head: 1 })).toEqual([51_100])
})

test('KeyValueCache.keepRows() keeps the chosen rows and frees the room that they do not need', () => {
  const cache = new KeyValueCache(SHAPE, 3)
  cache.load(0, { block: block(1, 60), sourceRow: 0, length: 60 })
  cache.load(2, { block: block(1, 3), sourceRow: 0, length: 3 })
  cache.keepRows([2])
  expect([cache.rowCount, cache.capacity, ...cache.lengths]).toEqual([1, 32, 3])
  expect(tokensOf(cache, 0, { name: 'pastValue.0', head: 1 })).toEqual([10_100, 10_110, 10_120])
})
