import { expect, test } from 'vitest'
import type { ReducerName } from '../../src/eval/eval.ts'
import { reducerProblem } from '../../src/eval/reducer-problem.ts'

test.each(['pass@5', 'pass^5', 'at-least-5', 'best-of-5'] as ReducerName[])(
  'reducerProblem() names the k of %s above the repeats',
  (name) => {
    expect(reducerProblem(name, 4)).toBe(`reducer "${name}" needs 5 completions of each case, and repeats is 4`)
    expect(reducerProblem(name, 5)).toBe(null)
  },
)

test.each(['mean', 'median', 'mode', 'max', 'majority'] as ReducerName[])('reducerProblem() finds nothing wrong with %s of one', (name) => {
  expect(reducerProblem(name, 1)).toBe(null)
})
