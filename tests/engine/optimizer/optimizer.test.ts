import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adamwUpdate } from '../../../src/engine/optimizer/adamw.ts'
import { clipFactor, gradientNorm } from '../../../src/engine/optimizer/gradient-norm.ts'
import { muonUpdate } from '../../../src/engine/optimizer/muon.ts'
import { emptyOptimizerState } from '../../../src/engine/optimizer/optimizer-state.ts'
import { orthogonalizeGraph } from '../../../src/engine/optimizer/orthogonalize.ts'
import { serializeGraph } from '../../../src/engine/graph/serialize.ts'
import { openSession } from '../../../src/engine/session.ts'

const reference = JSON.parse(readFileSync(new URL('../fixtures/adamw.json', import.meta.url), 'utf8'))

describe('adamwUpdate()', () => {
  it('takes the steps that torch.optim.AdamW takes', () => {
    const state = emptyOptimizerState()
    const data = Float32Array.from(reference.start)
    for (const { gradient, after } of reference.steps) {
      state.step += 1
      adamwUpdate(state, { name: 'w', data, gradient: Float32Array.from(gradient), gradientScale: 1 }, reference.settings)
      data.forEach((value, i) => expect(value).toBeCloseTo(after[i], 6))
    }
  })

  it('gives the squared norm of the change', () => {
    const [data, state] = [Float32Array.of(1, 2), emptyOptimizerState()]
    state.step = 1
    const settings = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 0, weightDecay: 0 }
    const squared = adamwUpdate(state, { name: 'w', data, gradient: Float32Array.of(3, -5), gradientScale: 1 }, settings)
    expect([...data].map((value) => Number(value.toFixed(6)))).toEqual([0.9, 2.1])
    expect(squared).toBeCloseTo(0.02, 6)
  })
})

describe('clipFactor()', () => {
  it('brings a gradient of norm 5 under 1 and leaves a smaller one alone', () => {
    expect(gradientNorm([Float32Array.of(3), Float32Array.of(0, 4)])).toBe(5)
    expect(clipFactor(5, 1)).toBeCloseTo(0.2, 6)
    expect(clipFactor(0.5, 1)).toBe(1)
    expect(clipFactor(5, 0)).toBe(1)
  })
})

/** One step of the iteration's polynomial on a singular value. */
const polynomial = (s: number): number => 3.4445 * s - 4.775 * s ** 3 + 2.0315 * s ** 5

describe('orthogonalizeGraph()', () => {
  it.each([
    ['wide', 2, 3, [3, 0, 0, 0, 4, 0]],
    ['tall', 3, 2, [3, 0, 0, 4, 0, 0]],
  ] as const)('maps each singular value by the iterated polynomial (%s)', async (shape, rows, columns, matrix) => {
    const session = await openSession({ model: serializeGraph(orthogonalizeGraph(shape)), threads: 1 })
    const { orthogonal } = await session.run({ matrices: { type: 'float32', dims: [1, rows, columns], data: Float32Array.from(matrix) } })
    await session.release()
    const iterated = (s: number): number => [1, 2, 3, 4, 5].reduce((value) => polynomial(value), s)
    matrix.forEach((value, i) => expect(orthogonal?.data[i]).toBeCloseTo(value === 0 ? 0 : iterated(value / 5), 4))
  })
})

describe('muonUpdate()', () => {
  it('steps along the orthogonalised momentum, scaled for tall matrices', async () => {
    const data = new Float32Array(8).fill(1)
    const update = { name: 'w', shape: [4, 2], data, gradient: new Float32Array(8).fill(2), gradientScale: 0.5 }
    const seen: number[] = []
    const orthogonalize = (matrices: Float32Array): Promise<Float32Array> => {
      seen.push(matrices[0] as number)
      return Promise.resolve(new Float32Array(8).fill(0.5))
    }
    const state = emptyOptimizerState()
    await muonUpdate(state, [update], { settings: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.5 }, orthogonalize })
    expect(seen[0]).toBeCloseTo(0.1 + 0.9 * 0.1, 6)
    expect(state.moments.get('w.momentum')?.[0]).toBeCloseTo(0.1, 6)
    expect(data[0]).toBeCloseTo(0.95 - 0.1 * Math.SQRT2 * 0.5, 6)
  })
})
