/**
 * @file Quotients of polynomials, compared by multiplying crosswise: exact, without finding common divisors. An operation gives null where there is
 * no value, where it would take too much work, and where the laws of powers do not hold (the square root of x^2 is not x).
 */
import {
  addPolynomials,
  constant,
  constantOf,
  multiplyPolynomials,
  negatePolynomial,
  ofName,
  ofTerm,
  onlyTerm,
  polynomialKey,
  raiseTerm,
  settle,
} from './polynomial.ts'
import type { Polynomial, Term } from './polynomial.ts'
import { ONE, costOf, divide, multiply, raise, wholeNumber } from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'
import type { WorkBudget } from './work-budget.ts'

/** A quotient. */
export interface Expression {
  readonly top: Polynomial
  /** Never 0. The object `UNIT` where the quotient could be written without a bar. */
  readonly bottom: Polynomial
}

type Maybe = Expression | null

/** The bottom of an expression without a bar. */
export const UNIT: Polynomial = constant(ONE)
const MAX_POWER = 60
const MAX_NAME_LENGTH = 600

export function ofRational(value: Rational): Expression {
  return { top: constant(value), bottom: UNIT }
}

export function ofSymbol(name: string): Maybe {
  return name.length > MAX_NAME_LENGTH ? null : { top: ofName(name), bottom: UNIT }
}

export function ofPolynomial(top: Polynomial | null): Maybe {
  return top === null ? null : { top, bottom: UNIT }
}

/** The rational number that an expression is; null when it is none or is not seen to be one. */
export function rationalOf(expression: Expression): Rational | null {
  return expression.bottom === UNIT ? constantOf(expression.top) : null
}

/** The only term of an expression without a bar; null when there are none or several. */
export function onlyTermOf(expression: Expression): Term | null {
  return expression.bottom === UNIT ? onlyTerm(expression.top) : null
}

export function sum(a: Maybe, b: Maybe, budget: WorkBudget): Maybe {
  if (a === null || b === null) return null
  if (a.bottom === UNIT && b.bottom === UNIT) return ofPolynomial(addPolynomials(a.top, b.top, budget))
  const left = multiplyPolynomials(a.top, b.bottom, budget)
  const right = multiplyPolynomials(b.top, a.bottom, budget)
  const bottom = multiplyPolynomials(a.bottom, b.bottom, budget)
  if (left === null || right === null) return null
  return over(addPolynomials(left, right, budget), bottom, budget)
}

export function negated(a: Maybe): Maybe {
  return a === null ? null : { top: negatePolynomial(a.top), bottom: a.bottom }
}

export function product(a: Maybe, b: Maybe, budget: WorkBudget): Maybe {
  if (a === null || b === null) return null
  const top = multiplyPolynomials(a.top, b.top, budget)
  if (a.bottom === UNIT && b.bottom === UNIT) return ofPolynomial(top)
  return over(top, multiplyPolynomials(a.bottom, b.bottom, budget), budget)
}

/** a divided by b; null where b is 0. */
export function quotient(a: Maybe, b: Maybe, budget: WorkBudget): Maybe {
  if (a === null || b === null || b.top.size === 0) return null
  const [left, right] = [rationalOf(a), rationalOf(b)]
  if (left !== null && right !== null) {
    const value = budget.spend(costOf(left) + costOf(right)) ? divide(left, right) : null
    return value === null ? null : ofRational(value)
  }
  return over(multiplyPolynomials(a.top, b.bottom, budget), multiplyPolynomials(a.bottom, b.top, budget), budget)
}

/** a to a whole power. */
export function wholePower(a: Maybe, exponent: number, budget: WorkBudget): Maybe {
  if (a === null || (a.top.size === 0 && exponent <= 0)) return null
  const constantBase = rationalOf(a)
  if (constantBase !== null) {
    const value = budget.spend(60) ? raise(constantBase, exponent) : null
    return value === null ? null : ofRational(value)
  }
  if (exponent < 0) return quotient(ofRational(ONE), wholePower(a, -exponent, budget), budget)
  if (exponent === 0) return ofRational(ONE)
  const term = a.bottom === UNIT ? onlyTerm(a.top) : null
  if (term !== null) return budget.spend(60) ? ofPolynomial(ofTerm(raiseTerm(term, { top: BigInt(exponent), bottom: 1n }))) : null
  if (exponent > MAX_POWER) return null
  let power: Maybe = a
  for (let step = 1; step < exponent && power !== null; step += 1) power = product(power, a, budget)
  return power
}

/** Whether two expressions are the same; null when that would take too much work to say. */
export function sameExpression(a: Expression, b: Expression, budget: WorkBudget): boolean | null {
  const left = b.bottom === UNIT ? a.top : multiplyPolynomials(a.top, b.bottom, budget)
  const right = a.bottom === UNIT ? b.top : multiplyPolynomials(b.top, a.bottom, budget)
  if (left === null || right === null) return null
  if (left.size !== right.size) return false
  for (const [key, { coefficient }] of left) {
    const other = right.get(key)?.coefficient
    if (other?.top !== coefficient.top || other.bottom !== coefficient.bottom) return false
  }
  return true
}

/** A text that names an expression inside another one's name: equal texts, equal expressions; the reverse holds only mostly. */
export function expressionKey({ top, bottom }: Expression): string {
  return bottom === UNIT ? polynomialKey(top) : `(${polynomialKey(top)})/(${polynomialKey(bottom)})`
}

/** Whole number that an expression is, as a double. */
export function wholeNumberOf(expression: Maybe): number | null {
  const value = expression === null ? null : rationalOf(expression)
  return value === null ? null : wholeNumber(value)
}

/** Whether a name stands for a positive number: the root of an integer, pi or e. */
export function isPositiveName(name: string): boolean {
  return name === 'pi' || name === 'e' || /^\d/.test(name)
}

function over(top: Polynomial | null, bottom: Polynomial | null, budget: WorkBudget): Maybe {
  if (top === null || bottom === null || bottom.size === 0) return null
  const term = onlyTerm(bottom)
  if (term === null) return { top, bottom }
  const inverse = divide(ONE, term.coefficient)
  const powers = term.powers.map(([name, exponent]) => [name, multiply(exponent, { top: -1n, bottom: 1n })] as const)
  const factor = ofTerm(settle(inverse, new Map(powers)))
  return factor === null ? null : ofPolynomial(multiplyPolynomials(top, factor, budget))
}
