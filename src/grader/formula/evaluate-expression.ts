/**
 * @file Computes an expression. Whatever is no finite number on the way is an error with a code, never a value that goes on.
 */
import type { GradeError } from '../../eval/grader.ts'
import type { Expression, FunctionName, Operator } from './expression.ts'

/** The value, or why there is none: FORMULA_UNKNOWN_NAME, FORMULA_DIVISION_BY_ZERO or FORMULA_NOT_FINITE. */
export type Evaluation = { readonly value: number } | { readonly error: GradeError }

/** The value of an expression for named numbers. */
export function evaluateExpression(expression: Expression, values: ReadonlyMap<string, number>): Evaluation {
  const errors: GradeError[] = []
  const value = valueOf(expression, values, errors)
  const [error] = errors
  return error === undefined ? { value } : { error }
}

function valueOf(expression: Expression, values: ReadonlyMap<string, number>, errors: GradeError[]): number {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return (
        values.get(expression.name) ?? failed(errors, 'FORMULA_UNKNOWN_NAME', `the formula names "${expression.name}", which has no value`)
      )
    case 'negative':
      return -valueOf(expression.operand, values, errors)
    case 'binary': {
      const [left, right] = [valueOf(expression.left, values, errors), valueOf(expression.right, values, errors)]
      if (expression.operator === '/' && right === 0)
        return failed(errors, 'FORMULA_DIVISION_BY_ZERO', `the formula divides ${left} by zero`)
      return finite(compute(expression.operator, left, right), errors, `${left} ${expression.operator} ${right}`)
    }
    case 'call': {
      const operands = expression.operands.map((operand) => valueOf(operand, values, errors))
      return finite(FUNCTIONS[expression.name](...operands), errors, `${expression.name}(${operands.join(', ')})`)
    }
  }
}

function compute(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '^':
      return left ** right
  }
}

const FUNCTIONS: Readonly<Record<FunctionName, (...operands: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  exp: Math.exp,
  sqrt: Math.sqrt,
  log: Math.log,
}

function finite(value: number, errors: GradeError[], what: string): number {
  return Number.isFinite(value) ? value : failed(errors, 'FORMULA_NOT_FINITE', `the formula's ${what} is ${value}`)
}

/** Only the first error is told: the later ones follow from it. */
function failed(errors: GradeError[], code: string, message: string): number {
  errors.push({ code, message })
  return Number.NaN
}
