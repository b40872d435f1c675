import { describe, expect, it } from 'vitest'
import type { GradedSample } from '../../src/method/method-card.ts'
import { selectPassing } from '../../src/method/raft.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'

const samples = (...pairs: readonly [string, number | null][]): GradedSample[] =>
  pairs.map(([key, reward]) => ({ key, reward, passThreshold: 1 }))

describe('selectPassing()', () => {
  it('keeps passing samples only, each different completion once', () => {
    const groups = [samples(['a', 1], ['a', 1], ['b', 0.5], ['c', 1]), samples(['d', 0], ['e', null])]
    const kept = selectPassing(groups, 4, seededRandom(1))
    expect(kept.map((group) => group.toSorted((a, b) => a - b))).toEqual([[0, 3], []])
  })

  it('never keeps a sample that could not be graded, whatever the threshold', () => {
    const free = samples(['a', null], ['b', 0], ['c', -1]).map((sample) => ({ ...sample, passThreshold: 0 }))
    expect(selectPassing([free], 4, seededRandom(1))).toEqual([[1]])
  })

  it('judges each sample by the threshold of its own eval', () => {
    const strict = samples(['a', 0.6]).map((sample) => ({ ...sample, passThreshold: 0.9 }))
    const lenient = samples(['a', 0.6]).map((sample) => ({ ...sample, passThreshold: 0.5 }))
    expect(selectPassing([strict, lenient], 2, seededRandom(1))).toEqual([[], [0]])
  })

  it('keeps at most perPrompt samples of one prompt, and the same ones for the same stream', () => {
    const group = [samples(['a', 1], ['b', 1], ['c', 1], ['d', 1])]
    const first = selectPassing(group, 2, seededRandom(3))
    expect(first[0]).toHaveLength(2)
    expect(selectPassing(group, 2, seededRandom(3))).toEqual(first)
  })

  it('chooses among the passing samples at random, and gives them in random order', () => {
    const groups = Array.from({ length: 200 }, () => samples(['a', 1], ['b', 1], ['c', 1], ['d', 0], ['e', 1]))
    const one = selectPassing(groups, 1, seededRandom(5)).map(([kept]) => kept)
    const counts = [0, 1, 2, 4].map((index) => one.filter((kept) => kept === index).length)
    // 50 of 200 each, plus or minus four standard errors.
    for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(25)
    const all = selectPassing(groups, 4, seededRandom(5))
    expect(new Set(all.map(String)).size).toBeGreaterThan(15)
  })
})
