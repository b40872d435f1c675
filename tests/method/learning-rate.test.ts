import { describe, expect, it } from 'vitest'
import { learningRateAt, type LearningRateSchedule } from '../../src/method/learning-rate.ts'

const linear: LearningRateSchedule = { learningRate: 1, schedule: 'linear', warmUpSteps: 3, finalShare: 0.1 }

describe('learningRateAt()', () => {
  it('rises over the warm-up steps, peaks right after them and ends at the final share', () => {
    expect([1, 2, 3, 4, 13].map((step) => learningRateAt(step, 13, linear))).toEqual([0.25, 0.5, 0.75, 1, 0.1])
  })

  it('is half way between peak and end in the middle of the decay, linear or cosine', () => {
    for (const schedule of ['linear', 'cosine'] as const) expect(learningRateAt(9, 14, { ...linear, schedule })).toBeCloseTo(0.55, 10)
  })

  it('stays at the peak when constant and never goes below the final share past the last step', () => {
    expect(learningRateAt(99, 13, { ...linear, schedule: 'constant' })).toBe(1)
    expect(learningRateAt(99, 13, linear)).toBeCloseTo(0.1, 10)
  })
})
