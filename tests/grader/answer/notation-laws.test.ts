import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersEqual } from '../../../src/grader/answer/compare-answers.ts'

const digits = fc.integer({ min: 0, max: 9_999 })
const list = fc.array(digits, { minLength: 2, maxLength: 5 })

/** Whether a list without spaces is also a number with thousands. */
function isGrouped(numbers: readonly number[]): boolean {
  const [first = 0, ...rest] = numbers.map(String)
  return rest.every((group) => group.length === 3) && String(first).length <= 3 && String(first) !== '0'
}

test('answersEqual() reads a list without spaces as the list with spaces, unless it is a number with thousands', () => {
  fc.assert(
    fc.property(list, (numbers) => {
      expect(answersEqual(numbers.join(','), numbers.join(', '))).toBe(!isGrouped(numbers))
      expect(answersEqual(numbers.join(','), numbers.join(''))).toBe(isGrouped(numbers))
    }),
  )
})

test('answersEqual() calls two lists without spaces equal only where they are the same numbers', () => {
  fc.assert(
    fc.property(list, list, (one, two) => {
      expect(answersEqual(one.join(','), two.join(','))).toBe(one.join() === two.join())
      expect(answersEqual(one.join(','), two.join(', '))).toBe(one.join() === two.join() && !isGrouped(one))
    }),
  )
})

test('answersEqual() calls no set and no alternatives equal to a list that keeps its order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(digits, { minLength: 2, maxLength: 5 }), fc.constantFrom('eval', 'reward' as const), (numbers, profile) => {
      for (const other of [`{${numbers.join(', ')}}`, numbers.join(' or '), numbers.toReversed().join(', ')]) {
        expect(answersEqual(other, numbers.join(', '), { profile, listOrder: 'kept' })).toBe(false)
        expect(answersEqual(other, numbers.join(', '), { profile, listOrder: 'free' })).toBe(true)
        expect(
          answersEqual(`${other.replace(/\}$/, '')}, ${numbers[0]}${other.endsWith('}') ? '}' : ''}`, numbers.join(', '), {
            profile,
            listOrder: 'free',
          }),
        ).toBe(false)
      }
    }),
  )
})

test('answersEqual() never takes a function of a number for a product, whatever the letter', () => {
  const letter = fc.constantFrom(...Array.from('abcdfghjklmnopqrstuvwxyzABCDFGHJKLMNOPQRSTVWXYZ'))
  fc.assert(
    fc.property(letter, digits, (name, number) => {
      const applied = `${name}(${number})`
      expect(answersEqual(applied, `${name}\\left( ${number} \\right)`)).toBe(true)
      for (const product of [
        `${number}${name}`,
        `${name}*${number}`,
        `${number} \\cdot ${name}`,
        `${name}*(${number})`,
        `${name}^${number}`,
      ])
        expect([product, answersEqual(applied, product), answersEqual(product, applied)]).toEqual([product, false, false])
    }),
  )
})

/** The digits of top/bottom after the point: those before the period and the period, by long division. */
function decimalOf(top: number, bottom: number): { readonly whole: number; readonly once: string; readonly period: string } {
  const seen = new Map<number, number>()
  let rest = top % bottom
  let written = ''
  while (rest !== 0 && !seen.has(rest)) {
    seen.set(rest, written.length)
    rest *= 10
    written += String(Math.floor(rest / bottom))
    rest %= bottom
  }
  const from = rest === 0 ? written.length : (seen.get(rest) ?? 0)
  return { whole: Math.floor(top / bottom), once: written.slice(0, from), period: written.slice(from) }
}

test('answersEqual() reads every repeating decimal as its fraction and as no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 3, max: 60 }), (top, bottom) => {
      const { whole, once, period } = decimalOf(top, bottom)
      fc.pre(period !== '' && period.length <= 30)
      const [first = '', last = ''] = [period[0], period.at(-1)]
      const dotted = period.length === 1 ? `\\dot{${first}}` : `\\dot{${first}}${period.slice(1, -1)}\\dot{${last}}`
      for (const written of [`\\overline{${period}}`, `\\bar{${period}}`, dotted, `${period}\\overline{${period}}`]) {
        expect([written, answersEqual(`${whole}.${once}${written}`, `${top}/${bottom}`)]).toEqual([written, true])
        expect(answersEqual(`${whole}.${once}${written}`, `${top + 1}/${bottom}`)).toBe(false)
      }
      expect(answersEqual(`${whole}.${once}${period}`, `${top}/${bottom}`)).toBe(false)
    }),
  )
})

test('answersEqual() works out logarithms of powers, and takes none for another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: -5, max: 7 }), (base, exponent) => {
      const power = exponent < 0 ? `\\frac{1}{${base ** -exponent}}` : String(base ** exponent)
      expect(answersEqual(`\\log_{${base}} ${power}`, String(exponent))).toBe(true)
      expect(answersEqual(`\\log_{${base}} ${power}`, String(exponent + 1))).toBe(false)
      expect(answersEqual(`\\log_{${base}} ${base ** 7 + 1}`, '7')).toBe(false)
    }),
  )
})

const ends = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 })).map(([low, width]) => [low, low + width] as const)
const interval = fc.record({ ends, closed: fc.tuple(fc.boolean(), fc.boolean()) })

test('answersEqual() calls an inequality and an interval equal where they are the same set', () => {
  fc.assert(
    fc.property(interval, interval, (one, two) => {
      const sign = (closed: boolean) => (closed ? '\\le' : '<')
      const inequality = `${one.ends[0]} ${sign(one.closed[0])} x ${sign(one.closed[1])} ${one.ends[1]}`
      const written = `${two.closed[0] ? '[' : '('}${two.ends.join(',')}${two.closed[1] ? ']' : ')'}`
      const same = one.ends.join() === two.ends.join() && one.closed.join() === two.closed.join()
      expect(answersEqual(inequality, written)).toBe(same)
      expect(answersEqual(written, inequality)).toBe(same)
      const ray = one.closed[0] ? `x \\ge ${one.ends[0]}` : `x > ${one.ends[0]}`
      expect(answersEqual(ray, `${one.closed[0] ? '[' : '('}${one.ends[0]}, \\infty)`)).toBe(true)
      expect(answersEqual(ray, `${one.closed[0] ? '(' : '['}${one.ends[0]}, \\infty)`)).toBe(false)
    }),
  )
})

const ENVIRONMENTS: readonly (readonly [string, string])[] = [
  ['\\begin{pmatrix}', '\\end{pmatrix}'],
  ['\\begin{bmatrix}', '\\end{bmatrix}'],
  ['\\begin{Bmatrix}', '\\end{Bmatrix}'],
  ['\\begin{matrix}', '\\end{matrix}'],
  ['\\begin{psmallmatrix}', '\\end{psmallmatrix}'],
  ['\\left(\\begin{array}{ccc}', '\\end{array}\\right)'],
  ['\\left[ \\begin{array}{rrr}', '\\end{array} \\right]'],
  ['\\bigl[\\begin{smallmatrix}', '\\end{smallmatrix}\\bigr]'],
  ['\\begin{bmatrix*}[r]', '\\end{bmatrix*}'],
]

test('answersEqual() reads a matrix in every environment, cell by cell', () => {
  const rows = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(digits, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 3 }))
  fc.assert(
    fc.property(rows, fc.constantFrom(...ENVIRONMENTS), fc.constantFrom(...ENVIRONMENTS), (cells, one, two) => {
      const write = ([open, close]: readonly [string, string], content: readonly (readonly number[])[]) =>
        `${open}${content.map((row) => row.join(' & ')).join(' \\\\ ')}${close}`
      expect(answersEqual(write(one, cells), write(two, cells))).toBe(true)
      const changed = cells.map((row, index) => (index === 0 ? [(row[0] ?? 0) + 1, ...row.slice(1)] : row))
      expect(answersEqual(write(one, cells), write(two, changed))).toBe(false)
    }),
  )
})

test('answersEqual() compares every digit of long numbers', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 16n, max: 10n ** 200n }), fc.integer({ min: 1, max: 9 }), (number, difference) => {
      const other = number + BigInt(difference)
      expect(answersEqual(String(number), String(other))).toBe(false)
      expect(answersEqual(`${number}.0`, String(number))).toBe(true)
      expect(answersEqual(`{${number}, 1}`, `{1, ${other}}`)).toBe(false)
      expect(answersEqual(`${number} kg`, `${other} kilograms`)).toBe(false)
      expect(answersEqual(`\\frac{${number}}{7}`, `\\frac{${other}}{7}`)).toBe(false)
    }),
  )
})
