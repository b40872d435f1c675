import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { GraderQueue } from '../../../../src/trainer/trl/rewards/queue.ts'

test('GraderQueue runs so many at once and the others in order, one for each that ends', async () => {
  const queue = new GraderQueue(2)
  const [started, ends]: [number[], (() => void)[]] = [[], []]
  const begin = (n: number): Promise<void> =>
    queue.run(() => {
      started.push(n)
      return new Promise<void>((resolve) => (ends[n] = resolve))
    })
  const work = [0, 1, 2, 3].map(begin)
  const after = async (n: number): Promise<unknown> => {
    ends[n]?.()
    await work[n]
    await setImmediate()
    return [started.length, queue.waiting]
  }
  await setImmediate()
  expect([started.length, queue.waiting]).toEqual([2, 2])
  expect(await after(1)).toEqual([3, 1])
  // A newcomer does not get the place that was handed on.
  work.push(begin(4))
  await setImmediate()
  expect([started.length, queue.waiting]).toEqual([3, 2])
  expect([await after(0), await after(2), await after(3), await after(4)]).toEqual([[4, 1], [5, 0], [5, 0], [5, 0]]) // prettier-ignore
  expect(started).toEqual([0, 1, 2, 3, 4])
})

test('GraderQueue frees the place of work that fails', async () => {
  const queue = new GraderQueue(1)
  const failing = queue.run(() => Promise.reject(new RangeError('x')))
  const next = queue.run(() => Promise.resolve('next'))
  await expect(failing).rejects.toThrow(RangeError)
  expect(await next).toBe('next')
})

test('GraderQueue lets other work of the process have its turn between busy pieces', async () => {
  const queue = new GraderQueue(1)
  const state = { turns: 0, done: false }
  const count = async (): Promise<void> => {
    for (; !state.done; state.turns++) await setImmediate()
  }
  const counting = count()
  const busy = async (): Promise<void> => {
    for (const endMs = performance.now() + 25; performance.now() < endMs;);
  }
  await Promise.all(Array.from({ length: 6 }, () => queue.run(busy)))
  state.done = true
  await counting
  expect(state.turns).toBeGreaterThanOrEqual(5)
})
