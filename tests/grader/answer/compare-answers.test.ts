import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersEqual, compareAnswers } from '../../../src/grader/answer/compare-answers.ts'
import { UNIT_DIMENSIONS } from '../../../src/grader/exact/units.ts'
import { ANSWER_GROUPS, casesOf } from './answer-table.ts'

const TWENTIETH = ['.05', '1/20', '\\frac{1}{20}', '5E-02', '5 x 10^-2']

test('answersEqual() calls all 25 pairs of five spellings of one twentieth equal, as they stand and in dollar signs', () => {
  const spellings = [...TWENTIETH, ...TWENTIETH.map((spelling) => `$${spelling}$`)]
  const different = spellings.flatMap((a) => spellings.filter((b) => !answersEqual(a, b)).map((b) => [a, b]))
  expect(different).toEqual([])
})

test.each(ANSWER_GROUPS)('answersEqual() is right about every pair of "$name"', (group) => {
  const cases = casesOf(group)
  expect(cases.length).toBeGreaterThan(0)
  const wrong = cases.filter(({ answer, gold, equal, options }) => answersEqual(answer, gold, options) !== equal)
  expect(wrong).toEqual([])
})

test('the conformance table holds hundreds of answers and names each group once', () => {
  expect(ANSWER_GROUPS.reduce((count, { same, other }) => count + same.length + other.length, 0)).toBeGreaterThan(1_000)
  expect(new Set(ANSWER_GROUPS.map(({ name }) => name)).size).toBe(ANSWER_GROUPS.length)
})

test.each([
  ['5', '5.0', 'number'],
  ['1/2', '0.5', 'expression'],
  ['5 cm', '5cm', 'quantity'],
  ['(1,2)', '(1, 2)', 'sequence'],
  ['{1,2}', '{2,1}', 'set'],
  ['(0,1)∪(2,3)', '(2,3)∪(0,1)', 'union'],
  ['x=5', 'x=5.0', 'assignment'],
  ['x<5', '5>x', 'relation'],
  ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '\\begin{bmatrix}1\\\\2\\end{bmatrix}', 'matrix'],
  ['Paris', 'paris', 'text'],
  ['(B) 42', 'B', 'choice'],
] as const)('compareAnswers() says what decided about %j and %j: %s', (answer, gold, rule) => {
  expect(compareAnswers(answer, gold)).toMatchObject({ equal: true, rule })
})

test('compareAnswers() tells an equal value that is not worked out from a wrong one', () => {
  expect(compareAnswers('2+3', '5', { profile: 'reward' })).toMatchObject({ equal: false, rule: 'unfinished' })
  expect(compareAnswers('2+4', '5', { profile: 'reward' })).toMatchObject({ equal: false, rule: 'expression' })
})

test('answersEqual() in reward reads only the gold answer leniently', () => {
  const reward = { profile: 'reward' } as const
  expect(answersEqual('5', 'x=5', reward)).toBe(true)
  expect(answersEqual('x=5', '5', reward)).toBe(false)
  expect(answersEqual('5', '2+3', reward)).toBe(true)
  expect(answersEqual('2+3', '2+3', reward)).toBe(true)
  expect(answersEqual('5', '5 km', { ...reward, missingUnit: 'accept' })).toBe(true)
  expect(answersEqual('5 km', '5', { ...reward, missingUnit: 'accept' })).toBe(false)
  expect(answersEqual('5 km', '5', { missingUnit: 'accept' })).toBe(true)
})

const anyText = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...Array.from('0123456789.,/ -+*^(){}[]<>=xyabeπ√%$°\\½²⁻×|!_&'),
        ...['\\frac', '\\sqrt', '{1}', '\\pm', '10^', ' or ', 'cm'],
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join('')),
)

test('answersEqual() is reflexive, and symmetric in eval', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(answersEqual(a, a)).toBe(true)
      expect(answersEqual(a, b)).toBe(answersEqual(b, a))
    }),
    { numRuns: 500 },
  )
})

test('answersEqual() never calls more equal in reward than in eval', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(answersEqual(a, b) || !answersEqual(a, b, { profile: 'reward' })).toBe(true)
      expect(answersEqual(a, a, { profile: 'reward' })).toBe(true)
    }),
    { numRuns: 300 },
  )
})

const fraction = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.constantFrom(1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 1000))

/** A fraction in one of many spellings. All divisors are products of 2 and 5, so that every fraction is a finite decimal. */
const spelled = fraction.chain(([top, bottom]) => {
  const sign = top < 0 ? '-' : ''
  const size = Math.abs(top)
  const thousandths = (BigInt(size) * 1000n) / BigInt(bottom)
  const decimal = `${thousandths / 1000n}.${(thousandths % 1000n).toString().padStart(3, '0')}`
  const grouped = decimal.replace(/^\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ','))
  const plain = [`${sign}${decimal}`, `${sign}${decimal.replace(/\.?0+$/, '') || '0'}`, `${sign}${grouped}`, `${sign}${thousandths}e-3`]
  const typeset = [
    `${sign}\\frac{${size}}{${bottom}}`,
    `${sign}\\dfrac{${size * 3}}{${bottom * 3}}`,
    `${sign}${thousandths} x 10^-3`,
    `${sign}${thousandths} \\times 10^{-3}`,
  ]
  const whole = Math.floor(size / bottom)
  const mixed =
    whole > 0 && size % bottom > 0 && size % bottom < 100
      ? [`${sign}${whole} ${size % bottom}/${bottom}`, `${sign}${whole}\\frac{${size % bottom}}{${bottom}}`]
      : []
  const all = [
    ...plain,
    ...typeset,
    ...mixed,
    `${sign}${size}/${bottom}`,
    `$${sign}${size} / ${bottom}$`,
    `−${decimal}`.slice(sign === '' ? 1 : 0),
  ]
  return fc.record({ value: fc.constant(top / bottom), spellings: fc.constant(all.filter((text) => !/(?:^|-|−)0\d/.test(text))) })
})

test('answersEqual() finds equal rationals equal in any two spellings', () => {
  fc.assert(
    fc.property(spelled, ({ spellings }) => {
      expect(spellings.flatMap((a) => spellings.filter((b) => !answersEqual(a, b)).map((b) => [a, b]))).toEqual([])
    }),
  )
})

test('answersEqual() never finds different rationals equal', () => {
  fc.assert(
    fc.property(spelled, spelled, (one, two) => {
      fc.pre(one.value !== two.value)
      expect(one.spellings.flatMap((a) => two.spellings.filter((b) => answersEqual(a, b)).map((b) => [a, b]))).toEqual([])
    }),
  )
})

test('answersEqual() converts every unit of a declared dimension to itself and to no unit of another one', () => {
  for (const dimension of UNIT_DIMENSIONS) {
    expect(answersEqual('3 kg', '3000 g', { units: [dimension] }), dimension).toBe(dimension === 'mass')
    expect(answersEqual('3 km', '3000 m', { units: [dimension] }), dimension).toBe(dimension === 'length')
  }
})

test('answersEqual() tells apart what is set and what is typed alike', () => {
  for (const [a, b] of [
    ['\\sqrt23', '\\sqrt{23}'],
    ['\\sqrt23', '3\\sqrt2'],
    ['{1,{2}}', '{1,2}'],
    ['\\{1,\\{2\\}\\}', '\\{1,2\\}'],
    ['~5', '5'],
  ] as const)
    expect([answersEqual(a, b), answersEqual(b, a)], a).toEqual([false, false])
  for (const [a, b] of [
    ['√23', '\\sqrt{23}'],
    ['\\sqrt 23', '\\sqrt{23}'],
    ['{1,{2}}', '{{2},1}'],
    ['5~\\text{cm}', '5 cm'],
  ] as const)
    expect(answersEqual(a, b), a).toBe(true)
})
