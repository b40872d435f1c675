import fc from 'fast-check'
import { expect, test } from 'vitest'
import { repeatedKey } from '../../src/base/repeated-key.ts'

const of = (text: string): string | null => repeatedKey(text, JSON.parse(text))

test.each([
  ['{"a":1,"a":1}', 'a'],
  ['{"a":{"b":1 , "b" : 2}}', 'b'],
  ['[{"a":1},{"a":1,"c":[{"x":1,"x":2}]}]', 'x'],
  [String.raw`{"a\"":1,"a\u0022":2}`, 'a"'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"a":[{"a":1}],"b":{"a":2},"a":3}', 'a'],
])('repeatedKey() names the key that stands twice in %s', (text, key) => {
  expect(of(text)).toBe(key)
})

test.each([
  '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
  '{"a":"\\"a\\":1","b":"a","c":"b"}',
  '["a","a",{"a":"a"}]',
  String.raw`{"a\\":1,"a":"\\"}`,
  '"x"',
  '{"__proto__":1,"constructor":{}}',
])('repeatedKey() finds nothing in %s', (text) => {
  expect(of(text)).toBeNull()
})

test('repeatedKey() finds nothing in what JSON.stringify wrote', () => {
  fc.assert(fc.property(fc.json(), fc.nat(4), (text, spaces) => of(JSON.stringify(JSON.parse(text), null, spaces)) === null))
})
