import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalToNumber, numbersIn, parseDecimal } from '../../src/grader/exact/decimal.ts'
import { number } from '../../src/grader/number.ts'
import { compare, roundSignificant } from '../../src/grader/exact/fraction.ts'
import { convert, unitOf } from '../../src/grader/exact/units.ts'
import { gradeWith, rewards } from './grade-with.ts'

test.each([
  ['1200', 1200, [1, 1]],
  ['1,200', 1200, [1, 1]],
  ['1200.00', 1200, [1, 1]],
  ['1.2e3', 1200, [1, 1]],
  ['+12', 12, [1, 1]],
  ['−3', -3, [1, 1]],
  ['-0', 0, [1, 1]],
  ['.5', 0.5, [1, 1]],
  ['0.1', '0.10', [1, 1]],
  ['12,00', 1200, [0, 0]],
  ['1 200', 1200, [0, 0]],
  ['0x10', 16, [0, 0]],
  ['Infinity', 1, [0, 0]],
  ['The answer is 12.', 12, [1, 0]],
  ['12 mg', 12, [1, 0]],
  ['first 3, then 12', 12, [1, 0]],
  ['12, not 13', 12, [1, 0]],
  ['on 2026-11-23', 23, [0, 0]],
  ['room A12', 12, [0, 0]],
  ['9007199254740993', '9007199254740992', [0, 0]],
  ['', 0, [0, 0]],
])('number() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(number(), text, gold)).toEqual(wanted)
})

test('number() with a tolerance accepts a difference up to it', () => {
  expect(rewards(number({ tolerance: 0.5 }), '12.5', 12)).toEqual([1, 1])
  expect(rewards(number({ tolerance: 0.5 }), '12.51', 12)).toEqual([0, 0])
})

test('number() cannot grade a case whose expected answer is no number', () => {
  expect(gradeWith(number(), '1', 'twelve').errors).toEqual([
    { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a number" },
  ])
})

test('parseDecimal() reads back every number that JavaScript writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const parsed = parseDecimal(String(value))
      expect(parsed === null ? null : decimalToNumber(parsed)).toBe(value === 0 ? 0 : value)
    }),
  )
})

test('numbersIn() takes no part of a longer number, word, time or date', () => {
  expect(numbersIn('a1 2b 3.4.5 10:30 2026-11-23 1/2')).toEqual([])
  expect(numbersIn('costs $7.50.')).toEqual([{ start: 7, end: 11, digits: '7.50' }])
  expect(numbersIn('about 1,234 of 9').map(({ digits }) => digits)).toEqual(['1,234', '9'])
})

test('number() compares differences exactly', () => {
  expect(rewards(number({ tolerance: 0.1 }), '1.1', 1)).toEqual([1, 1])
  expect(rewards(number({ tolerance: 0.1 }), '1.1000000000000000001', 1)).toEqual([0, 0])
})

test('number() with a relative tolerance takes the share of the expected number, and the wider of both', () => {
  expect(rewards(number({ relativeTolerance: 0.01 }), '-101', -100)).toEqual([1, 1])
  expect(rewards(number({ relativeTolerance: 0.01 }), '101.01', 100)).toEqual([0, 0])
  expect(rewards(number({ relativeTolerance: 0.01 }), '0.001', 0)).toEqual([0, 0])
  expect(rewards(number({ relativeTolerance: 0.01, tolerance: 0.5 }), '0.4', 0)).toEqual([1, 1])
})

test.each([
  ['0.333', '0.33333', 3, [1, 1]],
  ['0.33349', '0.333', 3, [1, 1]],
  ['0.3335', '0.333', 3, [0, 0]],
  ['-1235', '-1230', 2, [1, 1]],
  ['0.0999', '0.1', 1, [1, 1]],
  ['999.6', '1000', 3, [1, 1]],
  ['0', '0.0001', 3, [0, 0]],
  ['1e9999', '1.0001e9999', 3, [1, 1]],
])('number() takes %s for %s at %i significant digits with %j', (text, gold, significantDigits, wanted) => {
  expect(rewards(number({ significantDigits }), text, gold)).toEqual(wanted)
})

test.each([
  ['500 mg', 'mg', 500, [1, 1]],
  ['500mg', 'mg', 500, [1, 1]],
  ['0.5 g', 'mg', 500, [1, 1]],
  ['500 Milligrams', 'mg', '0.5 g', [1, 1]],
  ['500', 'mg', 500, [1, 0]],
  ['Take 500 mg for 3 days', 'mg', 500, [1, 0]],
  ['500 ml', 'mg', 500, [0, 0]],
  ['500 g', 'mg', 500, [0, 0]],
  ['500 mg 600 mg', 'mg', 500, [0, 0]],
  ['500 Mg', 'mg', 500, [0, 0]],
  ['1 in', 'cm', '2.54', [1, 1]],
  ['90 min', 'h', 1.5, [1, 1]],
  ['36 km/h', 'm/s', 10, [1, 1]],
  ['98.6 °F', '°C', 37, [1, 1]],
  ['-40 ℉', '°C', -40, [1, 1]],
  ['12 %', '%', 12, [1, 1]],
  ['50 μg', 'mg', '0.05', [1, 1]],
  ['1 lb', 'kg', '0.45359237', [1, 1]],
  ['5e2 mg', 'mg', 500, [1, 1]],
  ['mg 500', 'mg', 500, [1, 0]],
])('number() rewards %j in %s for %j with %j (eval, reward)', (text, unit, gold, wanted) => {
  expect(rewards(number({ unit }), text, gold)).toEqual(wanted)
})

test('number() keeps the settings of recorded runs where nothing new is asked for', () => {
  expect([number().settings, number().version]).toEqual([{ tolerance: 0 }, 4])
  expect([number({ tolerance: 1 }).settings, number({ tolerance: 1 }).version]).toEqual([{ tolerance: 1 }, 4])
  expect(number({ unit: 'mg', relativeTolerance: 0.1 }).settings).toEqual({ tolerance: 0, unit: 'mg', relativeTolerance: 0.1 })
})

test('number() refuses settings that cannot work', () => {
  expect(() => number({ unit: 'furlong' })).toThrow('the unit "furlong" is unknown')
  for (const tolerance of [-1, Number.NaN, Infinity]) expect(() => number({ tolerance })).toThrow('a tolerance is negative or no number')
  for (const significantDigits of [0, 1.5, 101]) expect(() => number({ significantDigits })).toThrow('from 1 to 100')
  expect(() => number({ significantDigits: 3, tolerance: 1 })).toThrow('contradict each other')
})

test('roundSignificant() agrees with toPrecision() on whole numbers', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 8 }), (value, digits) => {
      const { top, bottom } = roundSignificant({ top: BigInt(value), bottom: 1n }, digits)
      expect(Number(top) / Number(bottom)).toBe(value === 0 ? 0 : Number(value.toPrecision(digits)))
    }),
  )
})

test('convert() and back gives the same value for every pair of units of a dimension', () => {
  const names = ['g', 'lb', 'oz', 'mg', 'stone']
  for (const a of names)
    for (const b of names) {
      const [from, to] = [unitOf(a), unitOf(b)]
      if (from === null || to === null) throw new Error('unknown unit')
      expect(compare(convert(convert({ top: -7n, bottom: 3n }, from, to), to, from), { top: -7n, bottom: 3n })).toBe(0)
    }
  expect(unitOf('toString')).toBe(null)
})
