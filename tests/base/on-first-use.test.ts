import { expect, test } from 'vitest'
import { OnFirstUse } from '../../src/base/on-first-use.ts'

test('OnFirstUse opens when it is first used, gives a promise then and an answer at once from there on', async () => {
  let opened = 0
  const lazy = new OnFirstUse(() => Promise.resolve({ number: ++opened }))
  expect(() => lazy.get()).toThrow('it was asked for before it was loaded')
  expect(opened).toBe(0)
  const first = lazy.use(({ number }) => number + 10)
  expect(first).toBeInstanceOf(Promise)
  expect(await first).toBe(11)
  expect(lazy.use(({ number }) => number + 20)).toBe(21)
  expect(await lazy.load()).toBe(lazy.get())
  expect(opened).toBe(1)
})
