import { expect, test } from 'vitest'
import { contains } from '../../src/grader/contains.ts'
import { gradeWith, rewards } from './grade-with.ts'

test.each([
  ['Take 20 mg daily', ['20 mg', 'daily'], [1, 1]],
  ['Take 20 mg', ['20 mg', 'daily'], [0, 0]],
  ['Take 120 mg daily', ['20 mg', 'daily'], [1, 0]],
  ['insurgents', 'urgent', [1, 0]],
  ['URGENT', 'urgent', [0, 0]],
  ['', 'urgent', [0, 0]],
  ['dose 5', 5, [1, 1]],
  ['use C++, please', 'C++', [1, 1]],
  ['urg\u200bent', 'urgent', [0, 0]],
])('contains() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(contains(), text, gold)).toEqual(wanted)
})

test('contains() with match "any" needs one of the values, and says which were there', () => {
  const either = contains({ values: ['yes', 'sure'], match: 'any', ignoreCase: true })
  expect(rewards(either, 'Sure thing', null)).toEqual([1, 1])
  expect(rewards(either, 'No', null)).toEqual([0, 0])
  expect(gradeWith(either, 'YES', null).subRewards).toEqual({ yes: 1, sure: 0 })
})

test('contains() with exclusive refuses an answer that mentions the others too', () => {
  const guarded = contains({ exclusive: ['urgent', 'routine', 'not urgent'] })
  expect(rewards(guarded, 'This is urgent', 'urgent')).toEqual([1, 1])
  expect(rewards(guarded, 'urgent, routine, not urgent', 'urgent')).toEqual([0, 0])
  expect(rewards(guarded, 'This is not urgent', 'urgent')).toEqual([0, 0])
  expect(rewards(guarded, 'This is not urgent', 'not urgent')).toEqual([1, 1])
  expect(rewards(contains(), 'urgent, routine, not urgent', 'urgent')).toEqual([1, 1])
})

test('contains() looks for word boundaries in both profiles when told so', () => {
  expect(rewards(contains({ wordBoundaries: true }), 'insurgents', 'urgent')).toEqual([0, 0])
  expect(rewards(contains({ wordBoundaries: false }), 'insurgents', 'urgent')).toEqual([1, 1])
})

test('contains() keeps a part named "__proto__" as a part', () => {
  expect(Object.keys(gradeWith(contains(), 'a __proto__ b', '__proto__').subRewards)).toEqual(['__proto__'])
})

test('contains() cannot grade a case that expects nothing in particular', () => {
  const problem = [{ code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a text or a list of texts, none of them empty" }]
  for (const gold of ['', [], ['a', ' '], { a: 1 }, null, ['a', null]]) expect(gradeWith(contains(), 'x', gold).errors).toEqual(problem)
})

test('contains() refuses values that every answer has', () => {
  expect(() => contains({ values: [] })).toThrow('an empty text is in every answer')
  expect(() => contains({ exclusive: [''] })).toThrow('an empty text is in every answer')
})
