import { describe, expect, test } from 'vitest'
import { forgettingMetrics } from '../../src/gate/forgetting-metrics.ts'
import type { ScoreMatrix } from '../../src/gate/forgetting-metrics.ts'
import vectors from '../stats/stat-vectors.json' with { type: 'json' }

const valuesOf = (matrix: ScoreMatrix): Record<string, number | null> =>
  Object.fromEntries(forgettingMetrics(matrix).map(({ name, value }) => [name, value]))

describe('forgettingMetrics()', () => {
  test('forgettingMetrics() agrees with the reference matrix', () => {
    const { R, base, ACC, BWT, FWT, F_chaudhry, avg_incremental, learning_acc } = vectors.cl
    const values = valuesOf({ scores: R, base })
    expect(values['acc']).toBeCloseTo(ACC, 12)
    expect(values['bwt.gem']).toBeCloseTo(BWT, 12)
    expect(values['fwt.gem']).toBeCloseTo(FWT, 12)
    expect(values['forgetting.chaudhry']).toBeCloseTo(F_chaudhry, 12)
    expect(values['acc.incremental']).toBeCloseTo(avg_incremental, 12)
    expect(values['acc.learning']).toBeCloseTo(learning_acc, 12)
  })

  test('forgettingMetrics() shows loss under one name and none under another for the same matrix', () => {
    const { R, BWT, F_chaudhry } = vectors.cl_nonmonotone
    const values = valuesOf({ scores: R, base: [0, 0, 0] })
    expect(values['bwt.gem']).toBeCloseTo(BWT, 12)
    expect(values['forgetting.chaudhry']).toBeCloseTo(F_chaudhry, 12)
  })

  test('forgettingMetrics() lets Chaudhry’s forgetting be negative when the last round is the best', () => {
    const { R, gem_bwt, chaudhry } = vectors.cl_last_is_best
    const values = valuesOf({ scores: R, base: [0, 0, 0] })
    expect(values['bwt.gem']).toBeCloseTo(gem_bwt, 12)
    expect(values['forgetting.chaudhry']).toBeCloseTo(chaudhry, 12)
  })

  test('forgettingMetrics() gives null where one round is not enough, and a formula with every name', () => {
    const metrics = forgettingMetrics({ scores: [[0.9]], base: [0.4] })
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['acc', 0.9],
      ['acc.incremental', 0.9],
      ['acc.learning', 0.9],
      ['bwt.gem', null],
      ['fwt.gem', null],
      ['forgetting.chaudhry', null],
    ])
    expect(metrics.find(({ name }) => name === 'bwt.gem')?.formula).toBe('mean over j < T of (R[T][j] - R[j][j])')
  })
})
