import { expect, test } from 'vitest'
import { BatchOrder } from '../../src/trainer/batch-order.ts'

const order = (seed = 1, label = 'sft'): BatchOrder => new BatchOrder({ count: 10, batchSize: 4, seed, label })
const firstSteps = (from: BatchOrder, steps: number): number[] => Array.from({ length: steps }, (_, index) => from.batch(index + 1)).flat()

test('BatchOrder takes every example once in each epoch, though batches do not divide it', () => {
  const indices = firstSteps(order(), 5)
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(indices.slice(0, 10).toSorted((a, b) => a - b)).toEqual(all)
  expect(indices.slice(10).toSorted((a, b) => a - b)).toEqual(all)
  expect(indices.slice(0, 10)).not.toEqual(indices.slice(10))
})

test('BatchOrder gives a step the same batch whatever was asked before', () => {
  const asked = order()
  firstSteps(asked, 9)
  expect(asked.batch(3)).toEqual(order().batch(3))
})

test('BatchOrder depends on seed and label', () => {
  const first = firstSteps(order(), 5)
  expect(firstSteps(order(2), 5)).not.toEqual(first)
  expect(firstSteps(order(1, 'grpo'), 5)).not.toEqual(first)
})

test('BatchOrder has empty batches when there are no examples', () => {
  expect(new BatchOrder({ count: 0, batchSize: 4, seed: 1, label: 'raft' }).batch(1)).toEqual([])
})
