import { expect, test } from 'vitest'
import { RunawayStopped, stopRunaway } from '../../src/base/stop-runaway.ts'

test('stopRunaway() ends a regular expression that tries every path, and a loop without end', () => {
  const loop = (): void => {
    for (;;);
  }
  for (const work of [(): boolean => /^(a+)+$/.test(`${'a'.repeat(60)}b`), loop]) {
    const begin = performance.now()
    expect(() => stopRunaway(work, 50)).toThrow(RunawayStopped)
    expect(performance.now() - begin).toBeLessThan(10_000)
  }
})

test('stopRunaway() gives what the work gives, also inside of itself, and throws what it throws', () => {
  expect(stopRunaway(() => stopRunaway(() => 2, 1000) + 1, 1000)).toBe(3)
  expect(() =>
    stopRunaway(() => {
      throw new TypeError('no')
    }, 1000),
  ).toThrow('no')
  expect(stopRunaway(() => 4, 1000)).toBe(4)
})
