import { expect, test } from 'vitest'
import type { Grade } from '../../src/eval/grader.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { exactMatch } from '../../src/grader/exact-match.ts'
import { graderHash, gradingHash } from '../../src/grader/grader-hash.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import { gradeWith, inputOf } from './grade-with.ts'

test('grader() takes booleans, numbers, null and grades', async () => {
  expect(
    gradeWith(
      grader('a', () => true),
      'x',
      'x',
    ).reward,
  ).toBe(1)
  expect(
    gradeWith(
      grader('a', () => 0.25),
      'x',
      'x',
    ).reward,
  ).toBe(0.25)
  expect(
    gradeWith(
      grader('a', () => null),
      'x',
      'x',
    ),
  ).toMatchObject({ reward: null, errors: [{ code: 'GRADER_ABSTAINED' }] })
  expect(
    gradeWith(
      grader('a', () => ({ reward: 0.5, subRewards: { p: 1 } })),
      'x',
      'x',
    ),
  ).toEqual({
    reward: 0.5,
    subRewards: { p: 1 },
    formatValid: null,
    extractionRule: null,
    errors: [],
  } satisfies Grade)
  const later = grader('a', async ({ completion }) => completion.text === 'x')
  expect((await later.grade(inputOf('x', 'x'))).reward).toBe(1)
})

test('grader() makes no reward out of an answer that has none', () => {
  for (const bad of [undefined, 'yes', { passed: true }, [1]]) {
    expect(
      gradeWith(
        grader('a', () => bad as never),
        'x',
        'x',
      ),
    ).toBe(bad)
  }
})

test('graderHash() changes with settings and source, not with name and weight', () => {
  const base = graderHash(jsonMatch({ fields: { a: 'text' } }))
  expect(base).toMatch(/^[0-9a-f]{16}$/)
  expect(graderHash(jsonMatch({ fields: { a: 'text' }, name: 'other', weight: 3 }))).toBe(base)
  expect(graderHash(jsonMatch({ fields: { a: 'exact' } }))).not.toBe(base)
  expect(graderHash(grader('a', () => 1))).not.toBe(graderHash(grader('a', () => 0)))
  expect(graderHash(grader('a', () => 1, { settings: 2 }))).not.toBe(graderHash(grader('a', () => 1, { settings: 1 })))
})

test('gradingHash() changes with weights, parser, audit graders and pass threshold', () => {
  const base = { graders: [exactMatch()], auditGraders: [], parse: null, passThreshold: 1 }
  const changes = [
    { graders: [exactMatch({ weight: 2 })] },
    { auditGraders: [jsonMatch()] },
    { parse: (text: string): string => text.trim() },
    { passThreshold: 0.5 },
  ]
  const hashes = [base, ...changes.map((change) => ({ ...base, ...change }))].map(gradingHash)
  expect(new Set(hashes).size).toBe(5)
  expect(gradingHash({ ...base, graders: [exactMatch()] })).toBe(hashes[0])
})
