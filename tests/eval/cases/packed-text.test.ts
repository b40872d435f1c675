import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashIndex } from '../../../src/eval/cases/hash-index.ts'
import { PackedText } from '../../../src/eval/cases/packed-text.ts'

test('PackedText gives back any text, from memory and from the file', () => {
  const texts = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom(1, 1, 1, 50_000)), { maxLength: 60 })
  fc.assert(
    fc.property(texts, (drawn) => {
      const all = drawn.map(([text, times]) => Buffer.from(text.repeat(times)).toString())
      // The least: one chunk in memory, the others in the file.
      const packed = new PackedText({ memoryBytes: 1 })
      for (const [index, text] of all.entries()) expect(packed.append(text)).toBe(index)
      expect(packed.sizeBytes).toBe(Buffer.byteLength(all.join('')))
      for (const [index, text] of [...all.entries()].toReversed()) expect(packed.at(index) === text).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('PackedText gives back texts that end where a chunk ends, and empty ones there', () => {
  const texts = ['', 'x'.repeat(1 << 18), '', 'y'.repeat(1 << 19), '', 'z']
  for (const memoryBytes of [1, 1 << 26]) {
    const packed = new PackedText({ memoryBytes })
    for (const text of texts) packed.append(text)
    for (const [index, text] of texts.entries()) expect(packed.at(index) === text).toBe(true)
  }
})

test('PackedText reads old texts while new ones go to the file', () => {
  const packed = new PackedText({ memoryBytes: 1 << 18 })
  const text = (index: number): string => `${index} ${'ü'.repeat(index % 5000)}`
  for (let index = 0; index < 3000; index++) {
    packed.append(text(index))
    if (index % 7 === 0) expect(packed.at(Math.floor(index / 2))).toBe(text(Math.floor(index / 2)))
  }
  for (const index of [0, 100, 1500, 2999]) expect(packed.at(index)).toBe(text(index))
})

test('HashIndex finds every row by its text and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 300 }), (texts) => {
      const index = new HashIndex()
      for (const [row, text] of texts.entries()) {
        expect(index.find(text, (found) => texts[found] === text)).toBeUndefined()
        index.add(text, row)
      }
      for (const [row, text] of texts.entries()) expect(index.find(text, (found) => texts[found] === text)).toBe(row)
    }),
    { numRuns: 50 },
  )
})
