import { expect, test } from 'vitest'
import { mapConcurrently } from '../../../src/model/server/map-concurrently.ts'

test('mapConcurrently() keeps the order of the items and the limit', async () => {
  let running = 0
  let most = 0
  const doubled = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < item; turn++) await Promise.resolve()
    running--
    return item * 2
  })
  expect(doubled).toEqual([10, 2, 8, 4, 6])
  expect(most).toBe(2)
})

test('mapConcurrently() begins nothing after a failure', async () => {
  const begun: number[] = []
  const work = async (item: number): Promise<void> => {
    begun.push(item)
    await Promise.resolve()
    if (item === 1) throw new RangeError('one')
  }
  await expect(mapConcurrently([0, 1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow('one')
  expect(begun.length).toBeLessThan(5)
})

test('mapConcurrently() gives nothing for nothing', async () => {
  expect(await mapConcurrently([], 4, () => Promise.resolve(1))).toEqual([])
})

test('mapConcurrently() waits for what is under way when one fails, and tells it to begin nothing more', async () => {
  const ended: string[] = []
  const work = async (item: string, _: number, signal: AbortSignal): Promise<void> => {
    if (item === 'bad') throw new RangeError('bad')
    await new Promise((resolve) => setTimeout(resolve, 30))
    ended.push(`${item} ${signal.aborted}`)
  }
  await expect(mapConcurrently(['slow', 'bad', 'never'], 2, work)).rejects.toThrow('bad')
  expect(ended).toEqual(['slow true'])
})
