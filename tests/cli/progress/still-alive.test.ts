import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { stillAlive } from '../../../src/cli/progress/still-alive.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('stillAlive() says within every ten seconds what goes on, and nothing before and after', async () => {
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text) }
  const work = stillAlive(stream, 'trying the graders', () => new Promise((resolve) => setTimeout(() => resolve(7), 20_000)))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await work).toBe(7)
  expect(lines).toEqual(['[0:10] trying the graders\n', '[0:19] trying the graders\n'])
})
