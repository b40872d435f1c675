import { describe, expect, test } from 'vitest'
import { askedWaitMs, retryDelayMs } from '../../../src/model/server/retry-delay.ts'

test('retryDelayMs() doubles from a quarter of a second, spread by half', () => {
  for (let tries = 1; tries <= 4; tries++) {
    const middle = 250 * 2 ** (tries - 1)
    const delays = Array.from({ length: 200 }, () => retryDelayMs(tries, null))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(middle * 0.5)
    expect(Math.max(...delays)).toBeLessThan(middle * 1.5)
    expect(new Set(delays).size).toBeGreaterThan(100)
  }
})

test('retryDelayMs() does as the server asks, and doubles to a minute where it asks nothing', () => {
  expect(retryDelayMs(3, 2000)).toBe(2000)
  expect(retryDelayMs(1, 0)).toBe(0)
  expect(retryDelayMs(30, null)).toBe(60_000)
})

describe('askedWaitMs()', () => {
  const asked = (retryAfter: string | null, text = '', retryAfterMs: string | null = null): number | null =>
    askedWaitMs({ retryAfter, retryAfterMs, text })

  test('reads seconds, dates and milliseconds, and does not trust nonsense', () => {
    expect([asked('2'), asked('0.5'), asked('3600'), asked(null, '', '250'), asked('9', '', '250')]).toEqual([
      2000, 500, 3_600_000, 250, 250,
    ])
    expect([asked(null), asked('soon'), asked('')]).toEqual([null, null, null])
    expect(asked(new Date(0).toUTCString())).toBe(0)
    const inHalfAMinute = asked(new Date(Date.now() + 30_000).toUTCString()) ?? 0
    expect(inHalfAMinute).toBeGreaterThan(20_000)
    expect(inHalfAMinute).toBeLessThanOrEqual(30_000)
  })

  test.each<[string, number | null]>([
    ['Rate limit reached for gpt-x. Please try again in 7m12.5s. Visit https://x', 432_500],
    ['Please try again in 20ms.', 20],
    ['Please retry in 34.07s.', 34_070],
    ['You must wait 2 minutes before asking', 120_000],
    ['try again in 1 hour and 3 minutes', 3_780_000],
    ['Please try again later.', null],
    ['The model has 7 billion parameters', null],
  ])('reads %j', (text, wait) => {
    expect(asked(null, text)).toBe(wait)
  })
})
