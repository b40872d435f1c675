/**
 * @file Roots and powers with any exponent. What cannot be simplified by a law that always holds becomes a name of its own, as it stands.
 */
import {
  UNIT,
  expressionKey,
  isPositiveName,
  negated,
  ofPolynomial,
  ofRational,
  ofSymbol,
  product,
  rationalOf,
  wholePower,
} from './expression.ts'
import type { Expression } from './expression.ts'
import { constant, contentOf, multiplyPolynomials, ofTerm, onlyTerm, raiseTerm, settle } from './polynomial.ts'
import { FACTOR_STEPS, primeFactors } from './prime-factors.ts'
import { ONE, add, divide, ratio, wholeNumber } from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'
import type { WorkBudget } from './work-budget.ts'

type Maybe = Expression | null

const MAX_DEGREE = 64

/** The principal root of whole degree; of an odd degree also of negative numbers, as schools write it. */
export function root(a: Maybe, degree: number, budget: WorkBudget): Maybe {
  if (a === null || degree < 2 || degree > MAX_DEGREE) return null
  const value = rationalOf(a)
  if (value !== null) return rootOfRational(value, degree, budget)
  return rootOfTerm(a, degree) ?? rootByName(a, degree, budget)
}

/** a to the power of b. */
export function power(a: Maybe, b: Maybe, budget: WorkBudget): Maybe {
  if (a === null || b === null) return null
  const exponent = rationalOf(b)
  if (exponent === null) return powerByName(a, b)
  const whole = wholeNumber(exponent)
  if (whole !== null) return wholePower(a, whole, budget)
  const degree = wholeNumber({ top: exponent.bottom, bottom: 1n })
  const steps = wholeNumber({ top: exponent.top, bottom: 1n })
  const base = rationalOf(a)
  // The power of a negative number has several values: which one is meant is not ours to say.
  if (degree === null || steps === null || (base !== null && base.top < 0n)) return null
  return wholePower(root(a, degree, budget), steps, budget)
}

function rootOfRational(value: Rational, degree: number, budget: WorkBudget): Maybe {
  if (value.top === 0n) return ofRational(value)
  if (value.top < 0n) {
    const positive = rootOfRational({ top: -value.top, bottom: value.bottom }, degree, budget)
    if (degree % 2 === 1) return negated(positive)
    return degree === 2 ? product(positive, ofSymbol('i'), budget) : null
  }
  const exponents = new Map<string, Rational | null>()
  for (const [number, sign] of [[value.top, 1n] as const, [value.bottom, -1n] as const]) {
    if (!budget.spend(FACTOR_STEPS)) return null
    for (const [prime, count] of primeFactors(number)) {
      const before = exponents.get(prime) ?? { top: 0n, bottom: 1n }
      exponents.set(prime, add(before, ratio(sign * count, BigInt(degree))))
    }
  }
  return ofPolynomial(ofTerm(settle(ONE, exponents)))
}

/** One term whose root is again a term, for every value for which both exist. */
function rootOfTerm(a: Expression, degree: number): Maybe {
  const term = a.bottom === UNIT ? onlyTerm(a.top) : null
  if (term === null) return null
  const unknown = term.powers.filter(([name]) => !isPositiveName(name))
  const exponent = unknown[0]?.[1]
  if (unknown.length > 1 || unknown[0]?.[0] === 'i') return null
  if (exponent !== undefined && degree % 2 === 0 && exponent.top % 2n === 0n) return null
  if (term.coefficient.top !== term.coefficient.bottom) return null
  return ofPolynomial(ofTerm(raiseTerm(term, { top: 1n, bottom: BigInt(degree) })))
}

/** The root of a polynomial as a name, with its positive content outside: the root of 4x+8 is 2 times the root of x+2. */
function rootByName(a: Expression, degree: number, budget: WorkBudget): Maybe {
  if (a.bottom !== UNIT) return ofSymbol(`root(${degree},${expressionKey(a)})`)
  const content = contentOf(a.top, budget)
  const inverse = content === null ? null : divide(ONE, content)
  if (content === null || inverse === null || !budget.spend(60)) return null
  const primitive = ofPolynomial(multiplyPolynomials(a.top, constant(inverse), budget))
  if (primitive === null) return null
  const rest = rootOfTerm(primitive, degree) ?? ofSymbol(`root(${degree},${expressionKey(primitive)})`)
  return product(rootOfRational(content, degree, budget), rest, budget)
}

function powerByName(a: Expression, b: Expression): Maybe {
  return ofSymbol(`power(${expressionKey(a)},${expressionKey(b)})`)
}
