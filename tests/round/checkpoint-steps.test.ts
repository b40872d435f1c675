import { expect, test } from 'vitest'
import { checkpointSteps } from '../../src/round/train-arm.ts'

test('checkpointSteps() spaces checkpoints evenly and ends with the last step', () => {
  expect(checkpointSteps(32, 4)).toEqual([8, 16, 24, 32])
  expect(checkpointSteps(10, 4)).toEqual([3, 5, 8, 10])
})

test('checkpointSteps() names no step twice and none before the first', () => {
  expect(checkpointSteps(2, 4)).toEqual([1, 2])
  expect(checkpointSteps(1, 4)).toEqual([1])
  expect(checkpointSteps(0, 4)).toEqual([])
})
