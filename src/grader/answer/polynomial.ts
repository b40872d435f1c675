/**
 * @file Sums of products of powers with exact rational coefficients: the normal form of simple symbolic answers.
 * Names are variables, constants (pi, e, i), whole functions like "sin(x)", and integers, which stand for their roots: 2^(1/2) is the square root of 2.
 * Roots of different primes are linearly independent over the rationals (Besicovitch, 1940), so equal numbers have equal forms.
 */
import type { WorkBudget } from './work-budget.ts'
import {
  ONE,
  ZERO,
  add,
  costOf,
  floor,
  formatRational,
  greatestCommonDivisor,
  multiply,
  negate,
  raise,
  ratio,
  same,
  wholeNumber,
} from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'

/** A name and its exponent. */
export type Power = readonly [name: string, exponent: Rational]

/** A coefficient that is not 0 and powers sorted by name. */
export interface Term {
  readonly coefficient: Rational
  readonly powers: readonly Power[]
}

/** Terms by the text of their powers. */
export type Polynomial = ReadonlyMap<string, Term>

const MAX_TERMS = 200
const NOTHING: Polynomial = new Map()

/** A constant. */
export function constant(value: Rational): Polynomial {
  return value.top === 0n ? NOTHING : new Map([['', { coefficient: value, powers: [] }]])
}

/** A polynomial of one term. */
export function ofTerm(term: Term | null): Polynomial | null {
  if (term === null) return null
  return term.coefficient.top === 0n ? NOTHING : new Map([[powersKey(term.powers), term]])
}

/** A name to the power of 1. */
export function ofName(name: string): Polynomial {
  return new Map([[powersKey([[name, ONE]]), { coefficient: ONE, powers: [[name, ONE]] }]])
}

/** The rational number that a polynomial is; null when it is none. */
export function constantOf(polynomial: Polynomial): Rational | null {
  if (polynomial.size === 0) return ZERO
  const term = polynomial.size === 1 ? polynomial.get('') : undefined
  return term?.coefficient ?? null
}

/** The only term; null when there are none or several. */
export function onlyTerm(polynomial: Polynomial): Term | null {
  const [first] = polynomial.values()
  return polynomial.size === 1 && first !== undefined ? first : null
}

export function addPolynomials(a: Polynomial, b: Polynomial, budget: WorkBudget): Polynomial | null {
  const sum = new Map(a)
  for (const entry of b) if (!addTerm(sum, entry, budget)) return null
  return sum
}

export function multiplyPolynomials(a: Polynomial, b: Polynomial, budget: WorkBudget): Polynomial | null {
  const product = new Map<string, Term>()
  for (const left of a.values()) {
    for (const right of b.values()) {
      if (!budget.spend(costOf(left.coefficient) + costOf(right.coefficient) + left.powers.length + right.powers.length)) return null
      const term = multiplyTerms(left, right)
      if (term === null || !addTerm(product, [powersKey(term.powers), term], budget)) return null
    }
  }
  return product
}

export function negatePolynomial(a: Polynomial): Polynomial {
  const minusOne: Rational = { top: -1n, bottom: 1n }
  return new Map([...a].map(([key, { coefficient, powers }]) => [key, { coefficient: multiply(coefficient, minusOne) ?? ZERO, powers }]))
}

/** One term to a rational power. The caller answers for its being allowed: whole powers always, others for positive bases. */
export function raiseTerm(term: Term, exponent: Rational): Term | null {
  const whole = wholeNumber(exponent)
  const coefficient = whole === null ? (same(term.coefficient, ONE) ? ONE : null) : raise(term.coefficient, whole)
  const powers = term.powers.map(([name, power]) => [name, multiply(power, exponent)] as const)
  return settle(coefficient, new Map(powers))
}

/** The text that two polynomials share when they are equal. */
export function polynomialKey(polynomial: Polynomial): string {
  const parts = [...polynomial].map(([key, { coefficient }]) => `${formatRational(coefficient)}${key === '' ? '' : `*${key}`}`)
  return parts.toSorted().join('+')
}

/** A term from a coefficient and powers in any form: integers to whole powers and i to powers above 1 go into the coefficient. */
export function settle(coefficient: Rational | null, exponents: ReadonlyMap<string, Rational | null>): Term | null {
  let settled = coefficient
  const powers: Power[] = []
  for (const [name, exponent] of exponents) {
    if (exponent === null) return null
    const [factor, rest] = carry(name, exponent)
    settled = factor === ONE ? settled : multiply(settled, factor)
    if (rest === null || settled === null) return null
    if (rest.top !== 0n) powers.push([name, rest])
  }
  if (powers.length > 1) powers.sort(([a], [b]) => (a < b ? -1 : 1))
  return settled === null ? null : { coefficient: settled, powers }
}

/** What of a power is a rational factor, and the exponent that stays. */
function carry(name: string, exponent: Rational): readonly [Rational | null, Rational | null] {
  if (name === 'i') {
    const turns = exponent.bottom === 1n ? Number(((exponent.top % 4n) + 4n) % 4n) : null
    if (turns === null) return [null, null]
    return [turns >= 2 ? negate(ONE) : ONE, turns % 2 === 1 ? ONE : ZERO]
  }
  if (!/^\d/.test(name)) return [ONE, exponent]
  const whole = floor(exponent)
  if (whole === 0n) return [ONE, exponent]
  if (whole > 1024n || whole < -1024n) return [null, null]
  return [raise({ top: BigInt(name), bottom: 1n }, Number(whole)), add(exponent, { top: -whole, bottom: 1n })]
}

function multiplyTerms(a: Term, b: Term): Term | null {
  const coefficient = multiply(a.coefficient, b.coefficient)
  if (coefficient === null) return null
  if (b.powers.length === 0) return { coefficient, powers: a.powers }
  if (a.powers.length === 0) return { coefficient, powers: b.powers }
  const exponents = new Map<string, Rational | null>(a.powers)
  for (const [name, exponent] of b.powers) exponents.set(name, add(exponents.get(name) ?? ZERO, exponent))
  return settle(coefficient, exponents)
}

function addTerm(sum: Map<string, Term>, [key, term]: readonly [string, Term], budget: WorkBudget): boolean {
  const before = sum.get(key)
  if (before === undefined) {
    sum.set(key, term)
    return sum.size <= MAX_TERMS && budget.spend(1)
  }
  const coefficient = add(before.coefficient, term.coefficient)
  if (coefficient === null) return false
  if (coefficient.top === 0n) sum.delete(key)
  else sum.set(key, { coefficient, powers: before.powers })
  return budget.spend(costOf(coefficient))
}

/** The content of a polynomial: the largest positive rational that leaves whole coefficients. */
export function contentOf(polynomial: Polynomial, budget: WorkBudget): Rational | null {
  let content: Rational | null = ZERO
  for (const { coefficient } of polynomial.values()) {
    if (content === null || !budget.spend(2 * (costOf(coefficient) + costOf(content)))) return null
    const common = greatestCommonDivisor(content.top * coefficient.bottom, coefficient.top * content.bottom)
    content = ratio(common, content.bottom * coefficient.bottom)
  }
  return content
}

function powersKey(powers: readonly Power[]): string {
  if (powers.length === 0) return ''
  return powers
    .map(([name, exponent]) => (exponent === ONE || same(exponent, ONE) ? name : `${name}^${formatRational(exponent)}`))
    .join('*')
}
