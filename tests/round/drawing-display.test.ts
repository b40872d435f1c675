import { expect, it } from 'vitest'
import { DrawingDisplay } from '../../src/round/drawing-display.ts'
import type { RunEvent } from '../../src/round/run-event.ts'

it('DrawingDisplay shows what is drawn before the first step as data that is made, then goes back to the training', () => {
  const told: RunEvent[] = []
  const display = new DrawingDisplay({ tell: (event) => void told.push(event) }, { round: '01-a', arm: 'dpo', training: 'training dpo' })
  const at = { step: 1, steps: 40, tokens: 10 }
  expect(display.sees({ ...at, phase: 'sampling' })).toBe(false)
  expect(display.sees({ ...at, phase: 'sampling', drawn: { done: 0, total: 320 } })).toBe(true)
  expect(display.sees({ ...at, phase: 'sampling', drawn: { done: 12, total: 320 } })).toBe(true)
  expect(display.sees({ ...at, phase: 'updating' })).toBe(false)
  expect(display.sees({ ...at, phase: 'updating' })).toBe(false)
  const place = { round: '01-a', arm: 'dpo' }
  const progress = { type: 'progress', ...place, phase: 'sampling', total: 320, tokensPerSecond: 0 }
  expect(told).toEqual([
    { type: 'phase', ...place, phase: 'sampling', label: 'drawing examples to learn from' },
    { ...progress, done: 0, tokens: 10 },
    { ...progress, done: 12, tokens: 20 },
    { type: 'phase', ...place, phase: 'training', label: 'training dpo' },
  ])
})
