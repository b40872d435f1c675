import { describe, expect, it } from 'vitest'
import type { LlamaConfig } from '../../../src/engine/architecture/llama-config.ts'
import { ropeFrequencies, ropeTables } from '../../../src/engine/architecture/rope.ts'
import { openFixture } from '../training/fixture.ts'

const config: LlamaConfig = { ...openFixture('llama-tied').model.config, headDim: 32, ropeTheta: 10_000 }

/** inv_freq of transformers 5.23 for rope_type "llama3", factor 8, low 1, high 4, 64 original positions, theta 10000, head of 32. */
const STRETCHED = [
  1, 0.5623413324356079, 0.24438458681106567, 0.06430987268686295, 0.013042256236076355, 0.007029266096651554, 0.0039528473280370235,
  0.002222849288955331, 0.0012499999720603228, 0.0007029266562312841, 0.00039528473280370235, 0.00022228492889553308, 0.0001250000059371814,
  7.029266271274537e-5, 3.9528473280370235e-5, 2.2228492525755428e-5,
]

describe('ropeFrequencies()', () => {
  it('are theta^(-2i/d) without scaling', () => {
    const found = ropeFrequencies(config)
    expect(found.length).toBe(16)
    expect(found[0]).toBe(1)
    expect(found[8]).toBeCloseTo(0.01, 12)
    expect(found[15]).toBeCloseTo(10_000 ** (-30 / 32), 12)
  })

  it('keep fast frequencies, divide slow ones by the factor and blend between them, as transformers does for llama3', () => {
    const ropeScaling = { factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 64 }
    const found = ropeFrequencies({ ...config, ropeScaling })
    found.forEach((value, i) => expect(Math.abs(value / (STRETCHED[i] as number) - 1)).toBeLessThan(1e-6))
    expect(found.length).toBe(STRETCHED.length)
  })
})

describe('ropeTables()', () => {
  it('hold cosine and sine of position times frequency, position by position', () => {
    const { cos, sin } = ropeTables(config, 5)
    const [second, eighth] = [ropeFrequencies(config)[1] as number, ropeFrequencies(config)[8] as number]
    expect([cos.length, sin.length]).toEqual([80, 80])
    expect([cos[0], sin[0]]).toEqual([1, 0])
    expect(cos[3 * 16 + 1]).toBeCloseTo(Math.cos(3 * second), 6)
    expect(sin[4 * 16 + 8]).toBeCloseTo(Math.sin(4 * eighth), 6)
  })
})
