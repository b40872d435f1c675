import { describe, expect, it } from 'vitest'
import { learningWarning } from '../../src/trainer/learning-warning.ts'
import type { TrainingEvent } from '../../src/trainer/training-event.ts'

const place = { round: '01-a', arm: 'grpo' }
const step = (zeroVarianceShare: number | null, trainedTokens: number, meanReward: number | null = 0): TrainingEvent => ({
  ...{ type: 'step', step: 1, loss: 0, gradientNorm: 0, learningRate: 0.1, meanLength: 4, caseIds: [], caseEvals: [] },
  ...{ zeroVarianceShare, trainedTokens, meanReward },
})

describe('learningWarning()', () => {
  it('says in how many steps no group had different rewards, and what the rewards were', () => {
    expect(learningWarning([step(1, 0), step(1, 0), step(1, 0), step(1, 0, 1), { type: 'finished', steps: 4 }], place)).toEqual({
      code: 'NOTHING_LEARNED',
      message:
        'Round "01-a", arm "grpo" had nothing to learn from in 4 of 4 steps: all samples of a prompt had the same reward, mean reward 0.25. Put sft before it in a chain, draw more samplesPerPrompt, or give a graded reward',
    })
  })

  it('counts groups without variance also where a KL penalty trained tokens, and half of the steps is many', () => {
    expect(learningWarning([step(1, 40), step(0.5, 40)], place)?.message).toContain('in 1 of 2 steps')
    expect(learningWarning([step(1, 40), step(0.5, 40), step(0.5, 40)], place)).toBe(null)
  })

  it('says of rejection sampling that no sample passed', () => {
    expect(learningWarning([step(null, 0), step(null, 0, null)], place)?.message).toContain(
      'in 2 of 2 steps: no sample passed, mean reward 0.00.',
    )
  })

  it('is silent where steps learn, and on a training without steps', () => {
    expect(learningWarning([step(0, 10), step(null, 12, null), step(0.75, 3)], place)).toBe(null)
    expect(learningWarning([], place)).toBe(null)
  })
})
