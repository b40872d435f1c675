/**
 * @file Cosine and sine tables of rotary position embedding, as Hugging Face transformers computes them.
 * Source: Su et al., arXiv:2104.09864; stretching for long contexts: Llama 3.1.
 */
import type { LlamaConfig } from './llama-config.ts'

export interface RopeTables {
  /** float32[positions, headDim / 2] */
  readonly cos: Float32Array
  readonly sin: Float32Array
}

/** Angular frequency of each pair of a head: theta^(-2 i / headDim), stretched where the model asks for it. */
export function ropeFrequencies(config: LlamaConfig): readonly number[] {
  const half = config.headDim / 2
  return Array.from({ length: half }, (_, i) => stretch(config.ropeTheta ** (-i / half), config))
}

function stretch(frequency: number, { ropeScaling }: LlamaConfig): number {
  if (!ropeScaling) return frequency
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalMaxPositions } = ropeScaling
  const wavelength = (2 * Math.PI) / frequency
  if (wavelength < originalMaxPositions / highFrequencyFactor) return frequency
  if (wavelength > originalMaxPositions / lowFrequencyFactor) return frequency / factor
  const smooth = (originalMaxPositions / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
  return ((1 - smooth) * frequency) / factor + smooth * frequency
}

/** Tables for positions 0 to `positions` - 1. */
export function ropeTables(config: LlamaConfig, positions: number): RopeTables {
  const frequencies = ropeFrequencies(config).map(Math.fround)
  const cos = new Float32Array(positions * frequencies.length)
  const sin = new Float32Array(positions * frequencies.length)
  for (let position = 0; position < positions; position++) {
    frequencies.forEach((frequency, i) => {
      const angle = Math.fround(position * frequency)
      cos[position * frequencies.length + i] = Math.cos(angle)
      sin[position * frequencies.length + i] = Math.sin(angle)
    })
  }
  return { cos, sin }
}
