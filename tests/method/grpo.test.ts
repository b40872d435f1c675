import { describe, expect, it } from 'vitest'
import { groupAdvantages, GRPO_DEFAULTS, grpoGradient } from '../../src/method/grpo.ts'
import vectors from './fixtures/trl-vectors.json' with { type: 'json' }

const toArrays = (rows: readonly (readonly number[])[]): Float32Array[] => rows.map((row) => Float32Array.from(row))

describe('grpoGradient()', () => {
  it.each(vectors.grpo)("equals TRL's loss and autograd's derivative with KL weight $klWeight", (vector) => {
    const result = grpoGradient(
      {
        logProbs: toArrays(vector.logProbs),
        oldLogProbs: toArrays(vector.oldLogProbs),
        referenceLogProbs: toArrays(vector.referenceLogProbs),
        advantages: vector.advantages,
      },
      { ...GRPO_DEFAULTS, klWeight: vector.klWeight },
    )
    expect(result.loss).toBeCloseTo(vector.loss, 6)
    for (const [row, gradient] of vector.gradients.entries()) {
      for (const [t, value] of gradient.entries()) expect(result.gradients[row]?.[t]).toBeCloseTo(value, 6)
    }
  })

  it('gives -advantage / tokens for every token of a batch that is on-policy', () => {
    const logProbs = toArrays([[-1, -2], [-0.5]])
    const result = grpoGradient({ logProbs, oldLogProbs: logProbs, advantages: [2, -1] })
    expect(result.gradients.map((row) => [...row])).toEqual([[-2 / 3, -2 / 3].map(Math.fround), [Math.fround(1 / 3)]])
  })

  it('divides by the tokens of the whole batch when sequences without variance were left out', () => {
    const logProbs = toArrays([[-1, -2]])
    expect(grpoGradient({ logProbs, oldLogProbs: logProbs, advantages: [1], tokenCount: 8 }).gradients[0]?.[0]).toBeCloseTo(-1 / 8, 7)
  })
})

describe('groupAdvantages()', () => {
  it.each(vectors.advantages)("equals TRL's advantages for rewards $rewards", (vector) => {
    for (const scale of ['group', 'none'] as const) {
      const advantages = groupAdvantages(vector.rewards, scale)
      for (const [index, value] of vector[scale].entries()) expect(advantages[index]).toBeCloseTo(value, 5)
    }
  })

  it('leaves a sample that could not be graded out of the mean and gives it 0', () => {
    expect([...groupAdvantages([1, null, 0], 'none')]).toEqual([0.5, 0, -0.5])
  })

  it('gives zeros to a group whose rewards are equal', () => {
    expect([...groupAdvantages([1, 1, 1])]).toEqual([0, 0, 0])
  })
})
