import { expect, test } from 'vitest'
import type { Grade, Grader } from '../../src/eval/grader.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { exactMatch } from '../../src/grader/exact-match.ts'
import { formula } from '../../src/grader/formula.ts'
import { graderHash, gradingHash } from '../../src/grader/grader-hash.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import { judge } from '../../src/grader/judge.ts'
import { weighted } from '../../src/grader/weighted.ts'
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

test('graderHash() knows functions inside other graders by the code of their file, else by their text', () => {
  const nested = (decide: () => number): Grader => weighted({ graders: [grader('own', decide), exactMatch()] })
  const pair = (against: () => string): Grader => judge.pairwise({ model: 'm', against })
  for (const [one, other] of [
    [nested(() => 1), nested(() => 0)],
    [pair(() => 'a'), pair(() => 'b')],
    [
      formula({ expression: 'own', graders: { own: grader('own', () => 1) } }),
      formula({ expression: 'own', graders: { own: grader('own', () => 0) } }),
    ],
    // Graders written out by hand.
    [
      { ...exactMatch(), kind: 'mine', grade: () => grader('x', () => 0).grade(undefined as never) },
      { ...exactMatch(), kind: 'mine', grade: () => grader('x', () => 1).grade(undefined as never) },
    ],
  ] as const) {
    expect(graderHash(one)).not.toBe(graderHash(other))
    expect(graderHash(one, 'code')).toBe(graderHash(other, 'code'))
    expect(graderHash(one, 'code')).not.toBe(graderHash(one, 'other code'))
  }
  expect(graderHash(exactMatch(), 'code')).toBe(graderHash(exactMatch(), 'other code'))
})

test('gradingHash() changes with weights, time limits, parser, audit graders, the code of functions and pass threshold', () => {
  const base = { graders: [exactMatch()], auditGraders: [], parse: null, passThreshold: 1, code: null }
  const changes = [
    { graders: [exactMatch({ weight: 2 })] },
    { auditGraders: [jsonMatch()] },
    { parse: (text: string): string => text.trim() },
    { passThreshold: 0.5 },
    { graders: [exactMatch(), grader('own', () => 1)] },
    { graders: [exactMatch(), grader('own', () => 1, { timeoutMs: 5 })] },
    { graders: [exactMatch(), grader('own', () => 1)], code: 'a' },
    { graders: [exactMatch(), grader('own', () => 1)], code: 'b' },
  ]
  const hashes = [base, ...changes.map((change) => ({ ...base, ...change }))].map((one) => gradingHash(one))
  expect(new Set(hashes).size).toBe(9)
  expect(gradingHash({ ...base, graders: [exactMatch()] })).toBe(hashes[0])
})
