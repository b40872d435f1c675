/** @file Byte-pair training, against the merges that the paper's toy corpus gives. */
import { describe, expect, it } from 'vitest'
import { byteAlphabet, trainBytePairs } from '../../models/nano/pretraining/tokenizer/byte-pairs.ts'

describe('trainBytePairs()', () => {
  it('finds the merges of the dictionary in Sennrich et al., figure 1 (without the end-of-word mark)', () => {
    const counts = new Map([
      ['low', 5],
      ['lower', 2],
      ['newest', 6],
      ['widest', 3],
    ])
    const { merges, symbols } = trainBytePairs(counts, 256 + 4)
    expect(merges).toEqual([
      ['e', 's'],
      ['es', 't'],
      ['l', 'o'],
      ['lo', 'w'],
    ])
    expect(symbols.slice(256)).toEqual(['es', 'est', 'lo', 'low'])
  })

  it('stops when no pair occurs twice', () => {
    expect(trainBytePairs(new Map([['abc', 1]]), 300).merges).toEqual([])
  })

  it('merges overlapping repeats from the left', () => {
    expect(trainBytePairs(new Map([['aaa', 2]]), 258).symbols.slice(256)).toEqual(['aa', 'aaa'])
  })
})

describe('byteAlphabet()', () => {
  it('gives each byte a character of its own, letters unchanged, a space as Ġ', () => {
    const alphabet = byteAlphabet()
    expect(new Set(alphabet).size).toBe(256)
    expect([alphabet[0x41], alphabet[0x20], alphabet[0x0a]]).toEqual(['A', 'Ġ', 'Ċ'])
  })
})
