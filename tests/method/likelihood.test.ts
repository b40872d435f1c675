import { describe, expect, it } from 'vitest'
import { negativeLogLikelihood } from '../../src/method/likelihood.ts'
import vectors from './fixtures/trl-vectors.json' with { type: 'json' }

describe('negativeLogLikelihood.loss()', () => {
  it("equals PyTorch's cross entropy over the batch's unmasked tokens", () => {
    const loss = negativeLogLikelihood.loss(vectors.sft.logProbs.map((row) => Float32Array.from(row)))
    expect(loss).toBeCloseTo(vectors.sft.loss, 6)
  })

  it('has the derivative that finite differences give', () => {
    const at = (value: number): number => negativeLogLikelihood.loss([Float32Array.of(-1, value), Float32Array.of(-3)])
    const gradient = negativeLogLikelihood.weights([2, 1])[0]?.[1]
    expect(gradient).toBeCloseTo((at(-2 + 0.5) - at(-2 - 0.5)) / 1, 6)
  })
})

describe('negativeLogLikelihood.weights()', () => {
  it('weighs every token of the batch equally, whatever its demonstration', () => {
    expect(negativeLogLikelihood.weights([3, 1]).map((row) => [...row])).toEqual([[-0.25, -0.25, -0.25], [-0.25]])
  })
})
