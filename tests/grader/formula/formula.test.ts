import { expect, test } from 'vitest'
import type { Grade, Grader } from '../../../src/eval/grader.ts'
import { grader } from '../../../src/grader/custom-grader.ts'
import { exactMatch } from '../../../src/grader/exact-match.ts'
import { formula } from '../../../src/grader/formula.ts'
import { graderHash } from '../../../src/grader/grader-hash.ts'
import { jsonMatch } from '../../../src/grader/json-match.ts'
import { weighted } from '../../../src/grader/weighted.ts'
import { gradeWith, inputOf } from '../grade-with.ts'

const half = grader('half', () => 0.5)
const full = grader('full', () => true)
const abstains = grader('abstains', () => null)
const later = grader('later', async () => 0.25)
const grade = (whole: Grader): Grade => gradeWith(whole, 'x', 'x')

test('formula() gives the value of the expression and names every part', () => {
  const whole = formula({ graders: { h: half, f: full }, expression: '0.2 * f + h ^ 2' })
  expect(grade(whole)).toEqual({ reward: 0.45, subRewards: { h: 0.5, f: 1 }, formatValid: null, extractionRule: null, errors: [] })
})

test('formula() passes on the details of its parts', () => {
  const whole = formula({ graders: { json: jsonMatch(), text: exactMatch() }, expression: 'json' })
  expect(gradeWith(whole, '{"a":1,"b":3}', { a: 1, b: 2 })).toMatchObject({
    reward: 0.5,
    subRewards: { json: 0.5, 'json.a': 1, 'json.b': 0, text: null },
    formatValid: true,
  })
})

test('formula() clamps by default and can refuse instead', () => {
  const graders = { f: full }
  expect(grade(formula({ graders, expression: '3 * f' })).reward).toBe(1)
  expect(grade(formula({ graders, expression: '-f' })).reward).toBe(0)
  expect(Object.is(grade(formula({ graders, expression: '-(f - f)' })).reward, 0)).toBe(true)
  expect(grade(formula({ graders, expression: '3 * f', outOfRange: 'refuse' }))).toEqual({
    reward: null,
    subRewards: { f: 1 },
    formatValid: null,
    extractionRule: null,
    errors: [{ code: 'FORMULA_OUT_OF_RANGE', message: "the formula's value 3 is not from 0 to 1" }],
  })
})

test('formula() with pass gives right or wrong', () => {
  const graders = { h: half }
  expect(grade(formula({ graders, expression: 'h', pass: 0.5 })).reward).toBe(1)
  expect(grade(formula({ graders, expression: 'h', pass: 0.51 })).reward).toBe(0)
})

test('formula() is null with the errors of a used part that is null, and only of a used one', () => {
  const graders = { h: half, n: abstains }
  expect(grade(formula({ graders, expression: 'h + 0 * n' }))).toMatchObject({
    reward: null,
    subRewards: { h: 0.5, n: null },
    errors: [{ code: 'GRADER_ABSTAINED' }],
  })
  expect(grade(formula({ graders, expression: 'h' }))).toMatchObject({ reward: 0.5, subRewards: { h: 0.5, n: null }, errors: [] })
})

test('formula() cannot grade what its arithmetic has no value for', () => {
  expect(grade(formula({ graders: { h: half }, expression: '1 / (h - 0.5)' }))).toMatchObject({
    reward: null,
    errors: [{ code: 'FORMULA_DIVISION_BY_ZERO', message: 'the formula divides 1 by zero' }],
  })
  expect(grade(formula({ graders: { h: half }, expression: 'log(h - 0.5)' }))).toMatchObject({
    reward: null,
    errors: [{ code: 'FORMULA_NOT_FINITE', message: "the formula's log(0) is -Infinity" }],
  })
})

test('formula() waits for parts that take time, and only then gives a promise', async () => {
  const given = formula({ graders: { l: later, h: half }, expression: 'l + h' }).grade(inputOf('x', 'x'))
  expect(given).toBeInstanceOf(Promise)
  expect(await given).toMatchObject({ reward: 0.75, subRewards: { l: 0.25, h: 0.5 } })
})

test('formula() turns a part that breaks into a null that names the part', async () => {
  const throws = grader('t', () => {
    throw new Error('no\u001b[31m')
  })
  const rejects = grader('r', async () => Promise.reject(new Error('gone')))
  expect(grade(formula({ graders: { t: throws }, expression: 't' })).errors).toEqual([
    { code: 'GRADER_THREW', message: 'the part "t" threw "no [31m"' },
  ])
  expect((await formula({ graders: { r: rejects, t: throws }, expression: 'r' }).grade(inputOf('x', 'x'))).errors).toEqual([
    { code: 'GRADER_THREW', message: 'the part "r" threw "gone"' },
  ])
  for (const bad of [2, -1, Number.NaN, undefined])
    expect(grade(formula({ graders: { b: grader('b', () => bad as number) }, expression: 'b' }))).toMatchObject({
      reward: null,
      errors: [{ code: 'GRADER_BAD_GRADE' }],
    })
})

test('formula() refuses names that are no graders and parts that it could not call', () => {
  expect(() => formula({ graders: { h: half }, expression: 'h + toString' })).toThrow(
    'The formula "h + toString" cannot be read at character 5: "toString" is none of the graders "h"',
  )
  expect(() => formula({ graders: {}, expression: 'x' })).toThrow('is none of the graders (there are none)')
  expect(() => formula({ graders: { 'a-b': half }, expression: '1' })).toThrow('a formula cannot call a part "a-b"')
})

test('formula() is identified by its parts, expression and policies, not by its name', () => {
  const base = { graders: { h: half }, expression: 'h' }
  const others = [
    { ...base, expression: 'h ' },
    { ...base, pass: 1 },
    { ...base, outOfRange: 'refuse' as const },
    { ...base, graders: { h: full } },
  ]
  expect(new Set([base, ...others].map((options) => graderHash(formula(options)))).size).toBe(5)
  expect(graderHash(formula({ ...base, name: 'other', weight: 2 }))).toBe(graderHash(formula(base)))
})

test('formula() and weighted() may take as long as their slowest part', () => {
  const slow: Grader = { ...half, name: 'slow', timeoutMs: 90_000 }
  expect(formula({ graders: { h: half, s: slow }, expression: 'h' }).timeoutMs).toBe(90_000)
  expect(weighted({ graders: [half, { ...slow, timeoutMs: 5 }] }).timeoutMs).toBe(30_000)
  expect(weighted({ graders: [half] }).timeoutMs).toBeUndefined()
})

test('weighted() is the weighted mean, by given weights or by those of the parts', async () => {
  expect(grade(weighted({ graders: [half, full] }))).toMatchObject({ reward: 0.75, subRewards: { half: 0.5, full: 1 } })
  expect(grade(weighted({ graders: [half, full], weights: [3, 1] })).reward).toBe(0.625)
  expect(grade(weighted({ graders: [half, { ...full, weight: 4 }] })).reward).toBe(0.9)
  expect((await weighted({ graders: [later, full] }).grade(inputOf('x', 'x'))).reward).toBe(0.625)
  expect(grade(weighted({ graders: [full, grader('f2', () => 1), grader('f3', () => 1)], weights: [0.1, 0.2, 0.7] })).reward).toBe(1)
})

test('weighted() is null with the errors when a part could not be graded', () => {
  expect(grade(weighted({ graders: [full, abstains] }))).toMatchObject({
    reward: null,
    subRewards: { full: 1, abstains: null },
    errors: [{ code: 'GRADER_ABSTAINED' }],
  })
})

test('weighted() refuses parts and weights that do not fit', () => {
  expect(() => weighted({ graders: [] })).toThrow('there are none')
  expect(() => weighted({ graders: [half, half] })).toThrow('two are called "half"')
  expect(() => weighted({ graders: [half, full], weights: [1] })).toThrow('there are 2 graders and 1 weights')
  expect(() => weighted({ graders: [half], weights: [0] })).toThrow('0 is no weight above 0')
  expect(() => weighted({ graders: [half], weights: [Number.NaN] })).toThrow('NaN is no weight above 0')
})

test('weighted() is identified by its parts and weights', () => {
  const hashes = [
    weighted({ graders: [half, full] }),
    weighted({ graders: [half, full], weights: [2, 1] }),
    weighted({ graders: [half, abstains] }),
    weighted({ graders: [weighted({ graders: [half, full] })] }),
  ].map((one) => graderHash(one))
  expect(new Set(hashes).size).toBe(4)
})
