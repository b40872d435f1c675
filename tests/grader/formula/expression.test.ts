import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../../src/base/errors.ts'
import { evaluateExpression } from '../../../src/grader/formula/evaluate-expression.ts'
import type { Expression, FunctionName, Operator } from '../../../src/grader/formula/expression.ts'
import { namesIn } from '../../../src/grader/formula/expression.ts'
import { parseExpression } from '../../../src/grader/formula/parse-expression.ts'

const VALUES = new Map([
  ['a', 0.5],
  ['b', 2],
  ['zero', 0],
  ['min', 7],
])
const valueOf = (source: string): unknown => {
  const result = evaluateExpression(parseExpression(source, 'here'), VALUES)
  return 'value' in result ? result.value : result.error.code
}
const messageOf = (source: string): string => {
  try {
    parseExpression(source, 'here')
    return 'no error'
  } catch (error) {
    return isHoldfastError(error) ? `${error.code} ${error.summary.replace(/^The formula .* cannot be read at /, '')}` : String(error)
  }
}

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['16 / 4 / 2', 2],
  ['2 ^ 3 ^ 2', 512],
  ['(2 ^ 3) ^ 2', 64],
  ['-2 ^ 2', -4],
  ['(-2) ^ 2', 4],
  ['2 ^ -1', 0.5],
  ['2 ^ -2 * 4', 1],
  ['3 * -2', -6],
  ['--2', 2],
  ['2 - -2', 4],
  ['-b * 3', -6],
  ['.5 + 1. + 1e2 + 2.5E-1', 101.75],
  ['min(3, a, 2) + max(1)', 1.5],
  ['min', 7],
  ['min(min, 9)', 7],
  ['abs(-3) + floor(1.7) + ceil(1.2)', 6],
  ['exp(0) + sqrt(16) + log(1)', 5],
  ['log(exp(2))', 2],
  ['floor(-0.5)', -1],
  ['0.7*a+0.3*b', 0.95],
  ['\n a\t/ b ', 0.25],
])('evaluateExpression() gives %s the value %d', (source, value) => {
  expect(valueOf(source)).toBe(value)
})

test.each([
  ['a / zero', 'FORMULA_DIVISION_BY_ZERO'],
  ['0 / zero', 'FORMULA_DIVISION_BY_ZERO'],
  ['1 / (1 / zero)', 'FORMULA_DIVISION_BY_ZERO'],
  ['log(zero)', 'FORMULA_NOT_FINITE'],
  ['sqrt(-1)', 'FORMULA_NOT_FINITE'],
  ['(-8) ^ (1 / 3)', 'FORMULA_NOT_FINITE'],
  ['zero ^ -1', 'FORMULA_NOT_FINITE'],
  ['1 / exp(1000)', 'FORMULA_NOT_FINITE'],
  ['min(1, sqrt(-1))', 'FORMULA_NOT_FINITE'],
  ['nobody + 1', 'FORMULA_UNKNOWN_NAME'],
])('evaluateExpression() refuses %s with %s', (source, code) => {
  expect(valueOf(source)).toBe(code)
})

test.each([
  ['', 'character 1: the end stands where a value should'],
  ['a +', 'character 4: the end stands where a value should'],
  ['a b', 'character 3: "b" stands where an operator or the end should'],
  ['2a', 'character 2: "a" stands where an operator or the end should'],
  ['(a', 'character 3: the end stands where ")" should'],
  ['a)', 'character 2: ")" stands where an operator or the end should'],
  ['* a', 'character 1: "*" stands where a value should'],
  ['+a', 'character 1: "+" stands where a value should'],
  ['a ** b', 'character 4: "*" stands where a value should'],
  ['pow(a, 2)', 'character 1: there is no function "pow"'],
  ['constructor(a)', 'character 1: there is no function "constructor"'],
  ['abs(a, b)', 'character 6: abs takes one value'],
  ['min()', 'character 5: ")" stands where a value should'],
  ['a.b', 'character 2: "." means nothing here'],
  ['a; b', 'character 2: ";" means nothing here'],
  ['a +  😀', 'character 6: "😀" means nothing here'],
  ['a["x"]', 'character 2: "[" means nothing here'],
  ['1e999', 'character 1: "1e999" is too large'],
  ['('.repeat(60), 'character 51: it is nested deeper than 50 levels'],
  ['-'.repeat(60), 'character 51: it is nested deeper than 50 levels'],
  ['2^'.repeat(60), 'character 101: it is nested deeper than 50 levels'],
  ['a+'.repeat(1001), 'character 2001: it is longer than 2000 characters'],
])('parseExpression() refuses %s', (source, problem) => {
  expect(messageOf(source)).toBe(`FORMULA_PARSE_ERROR ${problem}`)
})

test('parseExpression() reads long sums, which are no nesting', () => {
  expect(valueOf(`${'1+'.repeat(999)}1`)).toBe(1000)
})

test('namesIn() lists every use with its place', () => {
  expect(namesIn(parseExpression('-a + max(b, a ^ 2)', 'here'))).toMatchObject([
    { name: 'a', at: 1 },
    { name: 'b', at: 9 },
    { name: 'a', at: 12 },
  ])
})

const FUNCTIONS: readonly FunctionName[] = ['min', 'max', 'abs', 'floor', 'ceil', 'exp', 'sqrt', 'log']
const OPERATORS: readonly Operator[] = ['+', '-', '*', '/', '^']
const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: 0, max: 9 }).map((value): Expression => ({ kind: 'number', value })),
    fc.constantFrom('a', 'b').map((name): Expression => ({ kind: 'name', name, at: 0 })),
    tie('tree').map((operand): Expression => ({ kind: 'negative', operand })),
    fc
      .tuple(fc.constantFrom(...OPERATORS), tie('tree'), tie('tree'))
      .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right })),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS), tie('tree'))
      .map(([name, operand]): Expression => ({ kind: 'call', name, operands: [operand] })),
  ),
}))

/** With every parenthesis written, no rule of binding is needed. */
function written(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value)
    case 'name':
      return node.name
    case 'negative':
      return `(-${written(node.operand)})`
    case 'binary':
      return `(${written(node.left)}${node.operator}${written(node.right)})`
    case 'call':
      return `${node.name}(${node.operands.map(written).join(',')})`
  }
}

test('parseExpression() reads back what was written, with the same value', () => {
  fc.assert(
    fc.property(tree, (node) => {
      expect(evaluateExpression(parseExpression(written(node), 'here'), VALUES)).toEqual(evaluateExpression(node, VALUES))
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('parseExpression() throws nothing but FORMULA_PARSE_ERROR, and what it reads is a finite number or an error with a code', () => {
  const pieces = fc.array(
    fc.constantFrom('a', 'b', '1', '0', '.', 'e', '+', '-', '*', '/', '^', '(', ')', ',', ' ', 'min', 'log', '{', '\u0000'),
  )
  fc.assert(
    fc.property(pieces, (list) => {
      const source = list.join('')
      const message = messageOf(source)
      if (message !== 'no error') {
        expect(message).toMatch(/^FORMULA_PARSE_ERROR /)
        return
      }
      const value = valueOf(source)
      expect(typeof value === 'number' ? Number.isFinite(value) : String(value).startsWith('FORMULA_')).toBe(true)
    }),
    { seed: 1, numRuns: 500 },
  )
})
