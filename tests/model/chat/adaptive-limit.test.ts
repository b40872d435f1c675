import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AdaptiveLimit } from '../../../src/model/chat/adaptive-limit.ts'

/** Begins as many as may run, and ends them all. */
function round(limit: AdaptiveLimit, end: (epoch: number, index: number) => void): number {
  const epochs: number[] = []
  for (let epoch = limit.begin(0); epoch !== null; epoch = limit.begin(0)) epochs.push(epoch)
  epochs.forEach(end)
  return epochs.length
}

test('AdaptiveLimit grows in slow start, to its most and no further', () => {
  const limit = new AdaptiveLimit({ first: 4, most: 20 })
  const sizes = Array.from({ length: 8 }, () => round(limit, (epoch) => limit.succeed(epoch)))
  expect(sizes[0]).toBe(4)
  expect(sizes.every((size, i) => i === 0 || size >= (sizes[i - 1] as number))).toBe(true)
  expect(sizes.at(-1)).toBe(20)
})

test('AdaptiveLimit does not grow where it was not reached', () => {
  const limit = new AdaptiveLimit({ first: 4 })
  for (let i = 0; i < 100; i++) limit.succeed(limit.begin(0) as number)
  expect(limit.limit).toBe(4)
})

test('AdaptiveLimit is halved once for a round that is turned away', () => {
  const limit = new AdaptiveLimit({ first: 32, most: 32 })
  round(limit, (epoch) => limit.refuse(epoch, 0, null))
  expect(limit.limit).toBe(16)
  expect(limit.running).toBe(0)
})

test('AdaptiveLimit grows slowly after the first halving', () => {
  const limit = new AdaptiveLimit({ first: 32, most: 64 })
  round(limit, (epoch) => limit.refuse(epoch, 0, null))
  round(limit, (epoch) => limit.succeed(epoch))
  expect(limit.limit).toBeGreaterThanOrEqual(16)
  expect(limit.limit).toBeLessThanOrEqual(18)
})

test('AdaptiveLimit keeps its pace where one request in twenty is turned away', () => {
  const limit = new AdaptiveLimit({ first: 64, most: 64 })
  let count = 0
  for (let i = 0; i < 100; i++) round(limit, (epoch) => (++count % 20 === 0 ? limit.refuse(epoch, 0, null) : limit.succeed(epoch)))
  expect(limit.limit).toBe(64)
})

test('AdaptiveLimit is halved, and begins nothing, when the server says when to come back', () => {
  const limit = new AdaptiveLimit({ first: 8 })
  limit.refuse(limit.begin(0) as number, 1000, 500)
  expect(limit.limit).toBe(4)
  expect(limit.pauseMs(1100)).toBe(400)
  expect(limit.begin(1499)).toBe(null)
  expect(limit.begin(1500)).not.toBe(null)
})

test('AdaptiveLimit pauses five minutes at most', () => {
  const limit = new AdaptiveLimit()
  limit.refuse(limit.begin(0) as number, 0, 1e9)
  expect(limit.pauseMs(0)).toBe(300_000)
})

test('AdaptiveLimit stays between one and its most, and counts what runs, whatever happens', () => {
  const events = fc.array(fc.constantFrom('begin', 'succeed', 'drop', 'refuse', 'refuse-for'), { maxLength: 300 })
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 40 }), (happenings, most) => {
      const limit = new AdaptiveLimit({ most })
      const open: number[] = []
      let now = 0
      for (const event of happenings) {
        now += 10
        if (event === 'begin') {
          const epoch = limit.begin(now)
          if (epoch !== null) open.push(epoch)
        } else if (open.length > 0) {
          const epoch = open.pop() as number
          if (event === 'succeed') limit.succeed(epoch)
          else if (event === 'drop') limit.drop()
          else limit.refuse(epoch, now, event === 'refuse' ? null : 20)
        }
        expect(limit.running).toBe(open.length)
        expect(limit.limit).toBeGreaterThanOrEqual(1)
        expect(limit.limit).toBeLessThanOrEqual(most)
      }
    }),
  )
})
