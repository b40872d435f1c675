import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersEqual, compareAnswers } from '../../../src/grader/answer/compare-answers.ts'

/** An expression as text beside its value as a double at x = 1.37, y = 0.59: an oracle that shares nothing with the code under test. */
interface Sample {
  readonly text: string
  readonly value: number
}

const leaf: fc.Arbitrary<Sample> = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((n) => ({ text: String(n), value: n })),
  fc.constant({ text: 'x', value: 1.37 }),
  fc.constant({ text: 'y', value: 0.59 }),
  fc.constant({ text: '\\pi', value: Math.PI }),
  fc.integer({ min: 2, max: 50 }).map((n) => ({ text: `\\sqrt{${n}}`, value: Math.sqrt(n) })),
  fc.integer({ min: 1, max: 40 }).map((n) => ({ text: `\\ln(${n})`, value: Math.log(n) })),
  fc
    .tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 40 }))
    .map(([base, n]) => ({ text: `\\log_{${base}}(${n})`, value: Math.log(n) / Math.log(base) })),
  fc
    .tuple(fc.constantFrom('sin', 'cos', 'tan'), fc.integer({ min: -40, max: 40 }), fc.constantFrom(1, 3, 5, 7, 8, 10, 12))
    .map(([name, top, bottom]) => ({
      text: `\\${name}\\left(\\frac{${top}\\pi}{${bottom}}\\right)`,
      value: Math[name]((top * Math.PI) / bottom),
    })),
)

const sample: fc.Arbitrary<Sample> = fc.letrec<{ tree: Sample }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text}+${b.text})`, value: a.value + b.value })),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text}-${b.text})`, value: a.value - b.value })),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `${a.text} \\cdot ${b.text}`, value: a.value * b.value })),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `\\frac{${a.text}}{${b.text}}`, value: a.value / b.value })),
    fc.tuple(tie('tree'), fc.integer({ min: 1, max: 3 })).map(([a, n]) => ({ text: `(${a.text})^{${n}}`, value: a.value ** n })),
    tie('tree').map((a) => ({ text: `\\sqrt{${a.text}}`, value: Math.sqrt(a.value) })),
  ),
})).tree

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))
}

test('answersEqual() calls expressions equal only where their values are', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      fc.pre(Number.isFinite(a.value) && Number.isFinite(b.value) && Math.abs(a.value) < 1e6 && Math.abs(b.value) < 1e6)
      expect(!answersEqual(a.text, b.text) || isClose(a.value, b.value)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('answersEqual() sees that sums and products commute and distribute', () => {
  fc.assert(
    fc.property(sample, sample, sample, (a, b, c) => {
      const pairs = [
        [`${a.text}+${b.text}`, `${b.text}+${a.text}`],
        [`(${a.text}) (${b.text})`, `(${b.text}) \\cdot (${a.text})`],
        [`(${a.text})*(${b.text}+${c.text})`, `(${a.text})*(${b.text})+(${a.text})*(${c.text})`],
      ] as const
      // Beyond the budget, or at a division by zero, both sides are text.
      for (const [left, right] of pairs) {
        const { equal, rule, work } = compareAnswers(left, right)
        if (rule === 'expression' && work < 2_000) expect([left, right, equal]).toEqual([left, right, true])
      }
    }),
    { numRuns: 200 },
  )
})

test('answersEqual() gives sines, cosines and tangents of known angles the values that doubles have', () => {
  const values = [
    '0',
    '1',
    '-1',
    '\\frac12',
    '-\\frac12',
    '\\frac{\\sqrt2}{2}',
    '-\\frac{\\sqrt2}{2}',
    '\\frac{\\sqrt3}{2}',
    '-\\frac{\\sqrt3}{2}',
    '\\sqrt3',
    '-\\sqrt3',
    '\\frac{\\sqrt3}{3}',
    '-\\frac{\\sqrt3}{3}',
  ]
  const numbers = [
    0,
    1,
    -1,
    0.5,
    -0.5,
    Math.SQRT1_2,
    -Math.SQRT1_2,
    Math.sqrt(0.75),
    -Math.sqrt(0.75),
    Math.sqrt(3),
    -Math.sqrt(3),
    Math.sqrt(1 / 3),
    -Math.sqrt(1 / 3),
  ]
  for (let degrees = -360; degrees <= 720; degrees += 15) {
    for (const name of ['sin', 'cos', 'tan'] as const) {
      const value = Math[name]((degrees * Math.PI) / 180)
      const wanted = values.filter((_, index) => isClose(value, numbers[index] ?? Number.NaN))
      const equal = values.filter((text) => answersEqual(`\\${name}(${degrees}^\\circ)`, text))
      expect([name, degrees, equal]).toEqual([name, degrees, wanted])
    }
  }
})

test('answersEqual() takes a square factor out of any root', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3_000 }), fc.integer({ min: 2, max: 3_000 }), (outside, inside) => {
      expect(answersEqual(`${outside}\\sqrt{${inside}}`, `\\sqrt{${outside * outside * inside}}`)).toBe(true)
      expect(answersEqual(`${outside}\\sqrt{${inside}}`, `\\sqrt{${outside * outside * inside + 1}}`)).toBe(false)
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['\\sqrt{x^2}', 'x'],
  ['\\sqrt{x^2 y^2}', 'xy'],
  ['\\sqrt{xy}', '\\sqrt{x}\\sqrt{y}'],
  ['(-8)^{1/3}', '-2'],
  ['(x^2)^{1/2}', 'x'],
  ['\\sqrt{\\frac{x}{y}}', '\\frac{\\sqrt{x}}{\\sqrt{y}}'],
  ['\\infty/\\infty', '1'],
  ['0^0', '1'],
  ['0/0', '1'],
  ['\\frac{1}{\\sqrt{2}-\\sqrt{2}}', '0'],
])('answersEqual() does not apply a law that does not always hold: %j is not %j', (a, b) => {
  expect(answersEqual(a, b)).toBe(false)
})
