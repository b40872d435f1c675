import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { signOfLife } from '../../../src/vitest/evals/sign-of-life.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const place = { round: null, arm: null } as const

it('signOfLife() says within ten seconds what is done, warnings at once, and nothing after the end', () => {
  const lines: string[] = []
  const life = signOfLife('refill', (text) => lines.push(text))
  vi.advanceTimersByTime(10_000)
  life.onEvent({ type: 'phase', ...place, phase: 'grading', label: 'refill' })
  life.onEvent({ type: 'progress', ...place, phase: 'grading', done: 3, total: 40, tokens: 9, tokensPerSecond: 1 })
  life.onEvent({ type: 'warning', code: 'SERVER_WAIT', message: 'the next try is in 40 seconds' })
  vi.advanceTimersByTime(19_000)
  life.end()
  vi.advanceTimersByTime(60_000)
  expect(lines).toEqual([
    'refill: opening the model, 4 s\n',
    'refill: warning SERVER_WAIT: the next try is in 40 seconds\n',
    'refill: grading 3 of 40, 13 s\n',
    'refill: grading 3 of 40, 22 s\n',
  ])
})
