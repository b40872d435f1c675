import { expect, test } from 'vitest'
import { mapFields } from '../../../src/eval/source/map-fields.ts'
import { thumbOf } from '../../../src/eval/source/thumb.ts'
import { valueAt } from '../../../src/eval/source/value-at.ts'

test('mapFields() without a mapping gives the row as it is', () => {
  const row = { input: 1 }
  expect(mapFields(row, undefined)).toEqual({ members: row })
})

test('mapFields() reads columns, paths, lists of columns and functions, and nothing else', () => {
  const row = { q: 'x', meta: { topic: 'a', n: 3, 'x.y': 1 }, labels: 'one; two', liked: true, junk: 7, 'dotted.name': 'd', no: '' }
  const mapped = mapFields(row, {
    id: 'meta.n',
    input: ['q', 'meta.topic'],
    expected: (one) => [one['junk'], 1n],
    tags: 'labels',
    thumb: 'liked',
    cluster: 'dotted.name',
    chosen: 'no',
    rejected: 'absent',
  })
  expect(mapped).toEqual({
    members: { id: '3', input: { q: 'x', topic: 'a' }, expected: [7, 1], tags: ['one', 'two'], thumb: 'up', cluster: 'd' },
  })
})

test('mapFields() says which columns the row has when one is missing', () => {
  expect(mapFields({ Question: 'x', b: 1 }, { input: 'question', expected: ['b', 'c.d'] })).toEqual({
    problems: [
      'input: the row has no value at "question"; it has "Question", "b"',
      'expected: the row has no value at "c.d"; it has "Question", "b"',
    ],
  })
  const throws = (): never => {
    throw new RangeError('no\u0007')
  }
  expect(mapFields({}, { input: throws })).toEqual({ problems: ['input: its function threw "no "'] })
  expect(mapFields('text', { input: 'a' })).toEqual({ problems: ['is not an object with fields'] })
})

test('valueAt() reads own members only', () => {
  expect(valueAt({ a: [1] }, 'a.0')).toBe(1)
  expect(valueAt({}, 'constructor')).toBeUndefined()
  expect(valueAt({ a: {} }, 'a.__proto__')).toBeUndefined()
})

test('thumbOf() knows what is certain and nothing else', () => {
  expect([true, 1, '+1', 'Up', ' 👍 ', 'thumbs_up'].map(thumbOf)).toEqual(Array.from({ length: 6 }, () => 'up'))
  expect([false, 0, -1, '-1', 'DOWN', '👎', 'negative'].map(thumbOf)).toEqual(Array.from({ length: 7 }, () => 'down'))
  expect([3, 5, '4', null, undefined, '', 'meh', {}].map(thumbOf)).toEqual(Array.from({ length: 8 }, () => undefined))
})
