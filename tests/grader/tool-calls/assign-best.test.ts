import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignBest } from '../../../src/grader/tool-calls/assign-best.ts'

/** The best sum by trying everything. */
function bestSum(scores: readonly (readonly number[])[], free: readonly number[]): number {
  const [first, ...rest] = scores
  if (first === undefined) return 0
  return Math.max(
    bestSum(rest, free),
    ...free.map(
      (column) =>
        (first[column] ?? 0) +
        bestSum(
          rest,
          free.filter((other) => other !== column),
        ),
    ),
  )
}

test('assignBest() finds the best sum, each column once', () => {
  const tables = fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
    .chain(([rows, columns]) =>
      fc
        .array(fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })
        .map((scores) => ({ scores, columns })),
    )
  fc.assert(
    fc.property(tables, ({ scores, columns }) => {
      const given = assignBest(scores, columns)
      const used = given.filter((column) => column !== null)
      expect(new Set(used).size).toBe(used.length)
      const sum = given.reduce<number>((total, column, row) => total + (column === null ? 0 : (scores[row]?.[column] as number)), 0)
      expect(sum).toBeCloseTo(
        bestSum(
          scores,
          Array.from({ length: columns }, (_, column) => column),
        ),
        9,
      )
    }),
    { numRuns: 500 },
  )
})

test('assignBest() gives the one that suits both to the one that nothing else suits', () => {
  expect(
    assignBest(
      [
        [1, 1],
        [1, 0],
      ],
      2,
    ),
  ).toEqual([1, 0])
})
