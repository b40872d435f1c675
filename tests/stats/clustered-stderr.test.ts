import { describe, expect, test } from 'vitest'
import { clusteredStderr } from '../../src/stats/clustered-stderr.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

describe('clusteredStderr()', () => {
  test('clusteredStderr() agrees with Miller’s formula on the vectors', () => {
    const { scores, clusters, mean, se_clt, se_clustered_miller } = vectors.clustered
    const result = clusteredStderr(scores, clusters)
    expect(result.mean).toBeCloseTo(mean, 14)
    expect(result.stderr).toBeCloseTo(se_clt, 14)
    expect(result.clusteredStderr).toBeCloseTo(se_clustered_miller, 14)
    expect(result.designEffect).toBeCloseTo((se_clustered_miller / se_clt) ** 2, 12)
    expect(result.clusters).toBe(4)
  })

  test('clusteredStderr() has a design effect of 1 when every value is its own cluster', () => {
    expect(clusteredStderr([1, 0, 0, 1, 1], ['a', 'b', 'c', 'd', 'e']).designEffect).toBeCloseTo(1, 14)
  })

  test('clusteredStderr() has a design effect of 1 when nothing varies', () => {
    expect(clusteredStderr([0, 0, 0, 0], [1, 1, 2, 2]).designEffect).toBe(1)
  })

  test('clusteredStderr() counts threefold copies as one', () => {
    const once = Array.from({ length: 300 }, (_, i) => (i * i) % 3)
    const copies = once.flatMap((value) => [value, value, value])
    const names = once.flatMap((_, i) => [i, i, i])
    expect(clusteredStderr(copies, names).designEffect).toBeCloseTo(3, 2)
  })
})
