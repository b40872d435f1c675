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

test('canonicalJson() writes what JSON.stringify writes of copies with sorted keys', () => {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(entries.map(([key, own]) => [key, sorted(own)]))
  }
  const key = fc.oneof(fc.string(), fc.constantFrom('10', '9', '-1', '01', '4294967295', '__proto__', 'toJSON', 'é', '\ud800'))
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined))
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree')), fc.dictionary(key, tie('tree'))),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(sorted(value)))
    }),
    { numRuns: 500, seed: 3 },
  )
  for (const odd of [new Date(0), { a: () => 1, b: Symbol('x') }, [() => 1, Symbol('x')], new String('ab'), { toJSON: () => 5 }])
    expect(canonicalJson(odd)).toBe(JSON.stringify(sorted(odd)))
})
