import { expect, test } from 'vitest'
import { retryDelayMs } from '../../../src/model/server/retry-delay.ts'

test('retryDelayMs() doubles from a quarter of a second, spread by half', () => {
  for (let tries = 1; tries <= 4; tries++) {
    const middle = 250 * 2 ** (tries - 1)
    const delays = Array.from({ length: 200 }, () => retryDelayMs(tries, null))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(middle * 0.5)
    expect(Math.max(...delays)).toBeLessThan(middle * 1.5)
    expect(new Set(delays).size).toBeGreaterThan(100)
  }
})

test('retryDelayMs() does as the server asks, in seconds or with a date', () => {
  expect(retryDelayMs(3, '2')).toBe(2000)
  expect(retryDelayMs(1, '0')).toBe(0)
  expect(retryDelayMs(1, new Date(0).toUTCString())).toBe(0)
  const asked = retryDelayMs(1, new Date(Date.now() + 30_000).toUTCString())
  expect(asked).toBeGreaterThan(20_000)
  expect(asked).toBeLessThanOrEqual(30_000)
})

test('retryDelayMs() waits a minute at most, and does not trust nonsense', () => {
  expect(retryDelayMs(1, '86400')).toBe(60_000)
  expect(retryDelayMs(30, null)).toBe(60_000)
  expect(retryDelayMs(1, 'soon')).toBeLessThan(375)
})
