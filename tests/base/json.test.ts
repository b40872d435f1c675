import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, isJsonValue } from '../../src/base/json.ts'

test('isJsonValue() accepts whatever JSON.parse gives', () => {
  fc.assert(fc.property(fc.json(), (text) => isJsonValue(JSON.parse(text))))
  expect(isJsonValue(JSON.parse('{"__proto__":{"a":1}}'))).toBe(true)
})

test.each([
  ['undefined', undefined],
  ['a member that is undefined', { a: undefined }],
  ['NaN', [Number.NaN]],
  ['an infinity', { a: Infinity }],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a function', { a: () => 1 }],
  ['a big integer', 1n],
  ['an instance of a class', new Error('x')],
])('isJsonValue() refuses %s', (_, value) => {
  expect(isJsonValue(value)).toBe(false)
})

test('isJsonValue() refuses a value without end', () => {
  const endless: unknown[] = []
  endless.push(endless)
  expect(isJsonValue(endless)).toBe(false)
})

test('canonicalJson() gives equal text for equal values, whatever the order of keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
  expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}')
})
