import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExactJson } from '../../src/base/parse-exact-json.ts'

test.each([
  ['12345678901234567', '12345678901234567'],
  ['-12345678901234567', '-12345678901234567'],
  ['9007199254740991', 9_007_199_254_740_991],
  ['-9007199254740991', -9_007_199_254_740_991],
  ['9007199254740992', '9007199254740992'],
  ['9007199254740993', '9007199254740993'],
  ['1152921504606846976', '1152921504606846976'],
  ['1152921504606847000', '1152921504606847000'],
  ['9007199254740993.0', '9007199254740993.0'],
  ['9007199254740992.0', 9_007_199_254_740_992],
  ['0.1', 0.1],
  ['0.10000000000000000001', '0.10000000000000000001'],
  ['0.100000000000000000000', 0.1],
  ['0.30000000000000004', 0.300_000_000_000_000_04],
  ['100000000000000000000.5', '100000000000000000000.5'],
  ['12345678901234567890.12', '12345678901234567890.12'],
  ['1e400', '1e400'],
  ['-1E+400', '-1E+400'],
  ['1e-400', '1e-400'],
  ['1e0000000000400', '1e0000000000400'],
  ['1e300', 1e300],
  ['1.5e+3', 1500],
  ['5e-324', 5e-324],
  ['4e-324', '4e-324'],
  ['0e9999', 0],
  ['1e99999999999999999999', '1e99999999999999999999'],
  ['-0', -0],
  ['-0.0000000000000000000', -0],
  ['1.7976931348623157e308', Number.MAX_VALUE],
])('parseExactJson() gives %s without changing its value', (literal, wanted) => {
  expect(parseExactJson(literal)).toBe(wanted)
  expect(parseExactJson(`{"a":[ ${literal}\n,{"b":${literal}}]}`)).toStrictEqual({ a: [wanted, { b: wanted }] })
})

test('parseExactJson() leaves text alone, whatever digits, quotes and backslashes stand in it', () => {
  const text = String.raw`{"12345678901234567890":"12345678901234567890","a\\":1,"b\"":"\\\" 12345678901234567890 \\","c":[12345678901234567890]}`
  expect(parseExactJson(text)).toStrictEqual({
    '12345678901234567890': '12345678901234567890',
    'a\\': 1,
    'b"': String.raw`\" 12345678901234567890 ` + '\\',
    c: ['12345678901234567890'],
  })
})

test('parseExactJson() gives whatever JSON.parse gives where no number is rounded', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(9), (json, spaces) => {
      const text = JSON.stringify(JSON.parse(json), null, spaces)
      // Doubles from 2^53 on are printed as whole numbers that may stand for many: those are text.
      const wanted: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21 ? String(value) : value,
      )
      expect(parseExactJson(text)).toStrictEqual(wanted)
    }),
    { numRuns: 500 },
  )
})

test('parseExactJson() gives different whole numbers different values, and every whole number its own digits', () => {
  const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
  fc.assert(
    fc.property(whole, fc.bigInt({ min: 1n, max: 3n }), (value, step) => {
      const [one, other] = parseExactJson(`[${value},${value + step}]`) as [unknown, unknown]
      expect(String(one)).toBe(String(value))
      expect(other).not.toBe(one)
    }),
  )
})

test('parseExactJson() gives a decimal back as a number only where the number prints the same value', () => {
  const digits = fc.stringMatching(/^[1-9]\d{0,30}$/)
  fc.assert(
    fc.property(digits, fc.nat(30), fc.integer({ min: -340, max: 320 }), (mantissa, point, exponent) => {
      const at = Math.min(point, mantissa.length - 1)
      const literal = `${mantissa.slice(0, at + 1)}.${mantissa.slice(at + 1)}0e${exponent}`
      const value = parseExactJson(literal)
      if (typeof value === 'string') expect(value).toBe(literal)
      else expect(asFraction(String(value))).toStrictEqual(asFraction(literal))
    }),
    { numRuns: 500 },
  )
})

/** A decimal as a reduced fraction over a power of ten, by whole-number arithmetic alone. */
function asFraction(literal: string): { readonly numerator: bigint; readonly denominator: bigint } {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(literal) ?? []
  const shift = Number(exponent) - fraction.length
  let [numerator, denominator] = [BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift)), 10n ** BigInt(Math.max(0, -shift))]
  while (denominator > 1n && numerator % 10n === 0n) [numerator, denominator] = [numerator / 10n, denominator / 10n]
  return { numerator, denominator }
}

test.each([
  '',
  '{',
  '012345678901234567',
  '12345678901234567 1',
  '1234567890123456.',
  '12345678901234567e',
  '--12345678901234567',
  '"12345678901234567',
])('parseExactJson() refuses %j as JSON.parse does', (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError)
})

test('parseExactJson() keeps a "__proto__" key as a member and takes the last of repeated keys', () => {
  const value = parseExactJson('{"__proto__":{"n":12345678901234567},"a":1,"a":12345678901234568}') as Record<string, unknown>
  expect(Object.keys(value)).toStrictEqual(['__proto__', 'a'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(JSON.stringify(value)).toBe('{"__proto__":{"n":"12345678901234567"},"a":"12345678901234568"}')
})

test('parseExactJson() reads what is nested deeply and texts of many megabytes', () => {
  let value = parseExactJson(`${'['.repeat(100_000)}12345678901234567${']'.repeat(100_000)}`)
  while (Array.isArray(value)) value = value[0] as unknown
  expect(value).toBe('12345678901234567')
  const long = '\\"'.repeat(2_000_000)
  expect(parseExactJson(`["${long}",${'1'.repeat(1_000_000)}]`)).toStrictEqual(['"'.repeat(2_000_000), '1'.repeat(1_000_000)])
  const zeros = `0.${'0'.repeat(1_000_000)}1`
  expect(parseExactJson(zeros)).toBe(zeros)
})
