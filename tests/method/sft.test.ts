import { describe, expect, it } from 'vitest'
import { sft, sftGradients } from '../../src/method/sft.ts'
import vectors from './fixtures/trl-vectors.json' with { type: 'json' }

describe('sft()', () => {
  it("equals PyTorch's cross entropy over the batch's unmasked tokens", () => {
    const result = sft(vectors.sft.logProbs.map((row) => Float32Array.from(row)))
    expect(result.loss).toBeCloseTo(vectors.sft.loss, 6)
  })

  it('has the derivative that finite differences give', () => {
    const at = (value: number): number => sft([Float32Array.of(-1, value), Float32Array.of(-3)]).loss
    const gradient = sft([Float32Array.of(-1, -2), Float32Array.of(-3)]).gradients[0]?.[1]
    expect(gradient).toBeCloseTo((at(-2 + 0.5) - at(-2 - 0.5)) / 1, 6)
  })
})

describe('sftGradients()', () => {
  it('weighs every token of the batch equally, whatever its demonstration', () => {
    expect(sftGradients([3, 1]).map((row) => [...row])).toEqual([[-0.25, -0.25, -0.25], [-0.25]])
  })
})
