import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance } from '../../src/grader/edit-distance.ts'
import { editDistanceOf } from '../../src/grader/text/levenshtein.ts'
import { gradeWith, rewards } from './grade-with.ts'

function byTable(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++)
      next.push(
        Math.min(
          (above[column] as number) + 1,
          (next[column - 1] as number) + 1,
          (above[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1),
        ),
      )
    above = next
  }
  return above[b.length] as number
}

test('editDistanceOf() agrees with the textbook table for texts over several blocks', () => {
  const text = fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: fc.constantFrom('a', 'b', 'ü'), maxLength: 120 }))
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(editDistanceOf(a, b)).toBe(byTable(a, b))
    }),
    { numRuns: 300 },
  )
})

test('editDistanceOf() counts what lies beyond its bound as different', () => {
  const [a, b] = ['a'.repeat(12_000), 'b'.repeat(10_500)]
  expect(editDistanceOf(`x${a}y`, `x${b}y`)).toBe(12_000)
  expect(editDistanceOf('a'.repeat(50_000), 'a'.repeat(49_999))).toBe(1)
})

test.each([
  ['kitten', 'kitten', [1, 1]],
  [' kitten\n', 'kitten', [1, 1]],
  ['sitting', 'kitten', [4 / 7, 4 / 7]],
  ['', 'kitten', [0, 0]],
  ['12', 12, [1, 1]],
  ['KITTEN', 'kitten', [0, 0]],
])('editDistance() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(editDistance(), text, gold)).toEqual(wanted)
})

test('editDistance() has a floor, a lenient profile, and no grade without a text', () => {
  expect(rewards(editDistance({ minSimilarity: 0.6 }), 'sitting', 'kitten')).toEqual([0, 0])
  expect(rewards(editDistance({ ignoreCase: true }), 'KIT  TEN', 'kit ten')).toEqual([1, 1 / 8])
  expect(gradeWith(editDistance(), 'x', ['x']).errors[0]?.code).toBe('GOLD_UNUSABLE')
  expect(() => editDistance({ minSimilarity: 80 })).toThrow('minSimilarity is not from 0 to 1')
})
