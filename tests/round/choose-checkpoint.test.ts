import { expect, test } from 'vitest'
import { pickCheckpoint } from '../../src/round/choose-checkpoint.ts'
import { checkpointSteps } from '../../src/round/train-arm.ts'

/** Checkpoints from pairs of dev share and retained share; the first is the parent. */
const measured = (...shares: readonly (readonly [number, number])[]): Parameters<typeof pickCheckpoint>[0] =>
  shares.map(([devPassShare, retainedPassShare], step) => ({
    ...{ step, hash: `h${step}`, devPassShare, retainedPassShare, klNewNats: null, klOldNats: null },
  }))

test('pickCheckpoint() takes the best on dev among those that retained within the margin', () => {
  expect(pickCheckpoint(measured([0.1, 0.8], [0.5, 0.8], [0.7, 0.76], [0.9, 0.74]), 0.05).step).toBe(2)
})

test('pickCheckpoint() breaks ties to the earliest', () => {
  expect(pickCheckpoint(measured([0.1, 0.8], [0.5, 0.8], [0.7, 0.8], [0.7, 0.9]), 0.05).step).toBe(2)
})

test('pickCheckpoint() takes the one that retained most when none stayed within the margin', () => {
  expect(pickCheckpoint(measured([0.1, 0.8], [0.9, 0.3], [0.6, 0.5], [0.7, 0.5]), 0.05).step).toBe(2)
})

test('pickCheckpoint() never takes the parent, however good', () => {
  expect(pickCheckpoint(measured([1, 1], [0, 1]), 0.05).step).toBe(1)
})

test('checkpointSteps() spaces checkpoints evenly and ends with the last step', () => {
  expect(checkpointSteps(32, 4)).toEqual([8, 16, 24, 32])
  expect(checkpointSteps(10, 4)).toEqual([3, 5, 8, 10])
})

test('checkpointSteps() names no step twice and none before the first', () => {
  expect(checkpointSteps(2, 4)).toEqual([1, 2])
  expect(checkpointSteps(1, 4)).toEqual([1])
  expect(checkpointSteps(0, 4)).toEqual([])
})
