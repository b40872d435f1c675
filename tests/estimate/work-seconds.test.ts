import { expect, test } from 'vitest'
import { cardNames, cardSpeed, cpuSpeed, findCard, type Card } from '../../src/estimate/device-speed.ts'
import { workSeconds, type TimeSettings } from '../../src/estimate/work-seconds.ts'
import { NO_WORK, type Work } from '../../src/estimate/work.ts'
import { EMBEDDED_CPU } from '../../src/trainer/embedded/estimate.ts'
import { TRL_CPU } from '../../src/trainer/trl/estimate/estimate.ts'
import { LLAMA_8B, SMOLLM2 } from './figures.ts'

const range = (value: number): Work['newTokens'] => ({ expected: value, most: value })
const trained = (tokens: number): Work => ({ ...NO_WORK, trainedTokens: range(tokens) })
const drawn = (completions: number, each: number): Work => ({ ...NO_WORK, completions, newTokens: range(completions * each) })

function on(card: string, changes: Partial<TimeSettings> = {}): TimeSettings {
  const precision = changes.precision ?? 'bf16'
  const speed = cardSpeed(findCard(card) as Card, precision)
  return { speed, gradientCheckpointing: false, decodeRows: 1, promptTokens: 0, ...changes, precision }
}

test('workSeconds() of the CPU gives the measured times back that its figures come from', () => {
  const settings = { precision: 'f32', gradientCheckpointing: false, promptTokens: 0 } as const
  const trl = { ...settings, speed: cpuSpeed(TRL_CPU) }
  expect(workSeconds(SMOLLM2, trained(1024), { ...trl, decodeRows: 1 }).expected).toBeCloseTo(6.82, 2)
  expect(workSeconds(SMOLLM2, drawn(32, 161), { ...trl, decodeRows: 32 }).expected).toBeCloseTo(32, 1)
  const embedded = { ...settings, speed: cpuSpeed(EMBEDDED_CPU) }
  expect(workSeconds(SMOLLM2, trained(1024), { ...embedded, decodeRows: 1 }).expected).toBeCloseTo(2.06, 2)
})

test('workSeconds() counts four operations a weight and trained token, six with gradient checkpointing, two where it only reads', () => {
  const weights = 8_030_261_248 - 266_240 - 128_256 * 4096
  const flops = 165e12 * 0.35
  expect(workSeconds(LLAMA_8B, trained(1000), on('RTX 4090')).expected).toBeCloseTo((4 * weights * 1000) / flops, 6)
  expect(workSeconds(LLAMA_8B, trained(1000), on('RTX 4090', { gradientCheckpointing: true })).expected).toBeCloseTo(
    (6 * weights * 1000) / flops,
    6,
  )
  const read = { ...NO_WORK, promptTokens: 400, scoredTokens: range(600) }
  expect(workSeconds(LLAMA_8B, read, on('RTX 4090')).expected).toBeCloseTo((2 * weights * 1000) / flops, 6)
})

test('workSeconds() decodes as fast as the weights are read, so a larger batch costs little more', () => {
  const alone = workSeconds(LLAMA_8B, drawn(1, 100), on('RTX 3090')).expected
  // 15 GB of weights a step at half of 936 GB/s.
  expect(alone / 100).toBeCloseTo((2 * 7_504_658_432) / (0.5 * 936e9), 3)
  const together = workSeconds(LLAMA_8B, drawn(16, 100), on('RTX 3090', { decodeRows: 16 })).expected
  expect(together).toBeLessThan(1.05 * alone)
  const long = workSeconds(LLAMA_8B, drawn(16, 100), on('RTX 3090', { decodeRows: 16, promptTokens: 4000 })).expected
  expect(long - together).toBeCloseTo((100 * 16 * 4000 * 131_072) / (0.5 * 936e9), 3)
})

test('workSeconds() never takes less than a layer needs to be started, and unpacks 4-bit weights at every step', () => {
  const small = workSeconds(SMOLLM2, drawn(1, 100), on('H100')).expected
  expect(small).toBeCloseTo(100 * 30 * 0.001, 6)
  const packed = workSeconds(LLAMA_8B, drawn(1, 100), on('RTX 3090', { precision: '4bit' })).expected
  expect(packed).toBeGreaterThan(workSeconds(LLAMA_8B, drawn(1, 100), on('RTX 3090')).expected)
})

test('workSeconds() gives both ends of a range', () => {
  const work = { ...NO_WORK, trainedTokens: { expected: 1000, most: 3000 } }
  const { expected, most } = workSeconds(LLAMA_8B, work, on('A10'))
  expect(most).toBeCloseTo(3 * expected, 9)
})

test('findCard() finds a card by the name that torch gives and by what people type', () => {
  expect(findCard('NVIDIA GeForce RTX 4090')?.name).toBe('RTX 4090')
  expect(findCard('rtx4090')?.memoryBytes).toBe(24 * 2 ** 30)
  expect(
    ['NVIDIA A10G', 'NVIDIA A10', 'NVIDIA A100-SXM4-40GB', 'NVIDIA A100 80GB PCIe', 'NVIDIA L4', 'NVIDIA L40S'].map(
      (name) => findCard(name)?.name,
    ),
  ).toEqual(['A10G', 'A10', 'A100-SXM4-40GB', 'A100', 'L4', 'L40S'])
  expect(findCard('Tesla K80')).toBeNull()
  expect(cardNames()).toContain('RTX 3090')
})

test('cardSpeed() says what it assumes', () => {
  expect(cardSpeed(findCard('RTX 4090') as Card, 'bf16').assumption).toBe(
    'RTX 4090: training and prompts at 35 % of 165 TFLOP/s, decoding at 50 % of 1008 GB/s and no less than 1 ms a layer and step; not measured',
  )
  const [bf16, f32] = (['bf16', 'f32'] as const).map((precision) => cardSpeed(findCard('A100') as Card, precision).trainFlopsPerSecond)
  expect(f32).toBeCloseTo((bf16 ?? 0) / 8, 0)
})
