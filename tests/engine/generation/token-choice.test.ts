import { expect, test } from 'vitest'
import { candidateCount, chooseCandidate, nextUniform, rowStream } from '../../../src/engine/generation/token-choice.ts'

const SAMPLING = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 1 }
const LOG_PROBS = Float32Array.from([0.5, 0.25, 0.125, 0.0625], Math.log)

test('candidateCount() asks for one candidate when greedy and for none when the whole vocabulary is sampled', () => {
  expect(candidateCount(SAMPLING, 1000)).toBe(0)
  expect(candidateCount({ ...SAMPLING, temperature: 0, topK: 50, topP: 0.5 }, 1000)).toBe(1)
  expect(candidateCount({ ...SAMPLING, topK: 50 }, 1000)).toBe(50)
  expect(candidateCount({ ...SAMPLING, topK: 50, topP: 0.9 }, 20)).toBe(20)
  expect(candidateCount({ ...SAMPLING, topP: 0.9 }, 1000)).toBe(256)
})

test('chooseCandidate() divides the interval among the candidates by their share of what is left', () => {
  // 0.5, 0.25, 0.125, 0.0625 of 0.9375: borders at 8/15, 12/15, 14/15
  const choose = (uniform: number): number => chooseCandidate(LOG_PROBS, { ...SAMPLING, topK: 4 }, uniform)
  expect([0, 0.53, 0.54, 0.79, 0.81, 0.93, 0.94, 0.999_999].map(choose)).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
})

test('chooseCandidate() counts top-p in the whole distribution, or in what top-k left', () => {
  // Without top-k 0.74 needs two tokens; within the top four 0.74 · 0.9375 = 0.694 needs two, 0.81 · 0.9375 = 0.759 three.
  expect(chooseCandidate(LOG_PROBS, { ...SAMPLING, topP: 0.74 }, 0.999)).toBe(1)
  expect(chooseCandidate(LOG_PROBS, { ...SAMPLING, topP: 0.76 }, 0.999)).toBe(2)
  expect(chooseCandidate(LOG_PROBS, { ...SAMPLING, topK: 4, topP: 0.74 }, 0.999)).toBe(1)
  expect(chooseCandidate(LOG_PROBS, { ...SAMPLING, topK: 4, topP: 0.81 }, 0.999)).toBe(2)
  expect(chooseCandidate(LOG_PROBS, { ...SAMPLING, topP: 0.01 }, 0.999)).toBe(0)
})

test('nextUniform() stays below 1 in 32-bit floats and repeats with its seed', () => {
  const [a, b] = [rowStream(5), rowStream(5)]
  for (let i = 0; i < 1000; i++) {
    const uniform = nextUniform(a)
    expect(uniform).toBe(nextUniform(b))
    expect(Math.fround(uniform)).toBe(uniform)
    expect(uniform).toBeLessThan(1)
  }
})
