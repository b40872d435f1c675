import { describe, expect, it } from 'vitest'
import { selectPassing } from '../../src/algorithm/raft.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'

const samples = (...pairs: readonly [string, number | null][]): { key: string; reward: number | null }[] =>
  pairs.map(([key, reward]) => ({ key, reward }))

describe('selectPassing()', () => {
  it('keeps passing samples only, each different completion once', () => {
    const groups = [samples(['a', 1], ['a', 1], ['b', 0.5], ['c', 1]), samples(['d', 0], ['e', null])]
    const kept = selectPassing(groups, { passThreshold: 1, perPrompt: 4 }, seededRandom(1))
    expect(kept.map((group) => group.toSorted((a, b) => a - b))).toEqual([[0, 3], []])
  })

  it('keeps at most perPrompt samples of one prompt, and the same ones for the same stream', () => {
    const group = [samples(['a', 1], ['b', 1], ['c', 1], ['d', 1])]
    const first = selectPassing(group, { passThreshold: 1, perPrompt: 2 }, seededRandom(3))
    expect(first[0]).toHaveLength(2)
    expect(selectPassing(group, { passThreshold: 1, perPrompt: 2 }, seededRandom(3))).toEqual(first)
  })
})
