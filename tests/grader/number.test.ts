import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalToNumber, lastNumber, parseDecimal } from '../../src/grader/decimal.ts'
import { number } from '../../src/grader/number.ts'
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
  ['12, not 13', 12, [0, 0]],
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

test('lastNumber() takes no part of a longer number, word, time or date', () => {
  expect(lastNumber('a1 2b 3.4.5 10:30 2026-11-23 1/2')).toBe(null)
  expect(lastNumber('costs $7.50.')).toBe('7.50')
  expect(lastNumber('about 1,234 of them')).toBe('1,234')
})
