/**
 * @file Logarithms of positive numbers as sums of logarithms of primes: log_2 8 is 3, and ln 12 is 2 ln 2 + ln 3.
 * The base of "log" and "lg" without one differs from school to school, so they stay names of their own.
 */
import { expressionKey, isPositiveName, ofRational, ofSymbol, onlyTermOf, product, quotient, rationalOf, sum } from './expression.ts'
import type { Expression } from './expression.ts'
import { FACTOR_STEPS, primeFactors } from './prime-factors.ts'
import { ONE } from '../exact/rational.ts'
import type { WorkBudget } from './work-budget.ts'

type Maybe = Expression | null

/** The logarithm by that name; null for 0 and negative numbers. What is not seen to be positive stays as it is written. */
export function logarithm(name: 'ln' | 'log' | 'lg', a: Maybe, budget: WorkBudget): Maybe {
  if (a === null || a.top.size === 0) return null
  const value = rationalOf(a)
  if (value !== null && value.top < 0n) return null
  const term = onlyTermOf(a)
  const positive = term !== null && term.coefficient.top > 0n && term.powers.every(([factor]) => isPositiveName(factor))
  if (!positive) return ofSymbol(`${name}(${expressionKey(a)})`)
  let total: Maybe = ofRational({ top: 0n, bottom: 1n })
  const addPart = (part: Maybe, count: Maybe) => {
    total = sum(total, product(part, count, budget), budget)
  }
  for (const [number, sign] of [[term.coefficient.top, 1n] as const, [term.coefficient.bottom, -1n] as const]) {
    if (!budget.spend(FACTOR_STEPS)) return null
    for (const [prime, count] of primeFactors(number)) addPart(ofSymbol(`${name}(${prime})`), ofRational({ top: sign * count, bottom: 1n }))
  }
  for (const [factor, exponent] of term.powers) {
    addPart(name === 'ln' && factor === 'e' ? ofRational(ONE) : ofSymbol(`${name}(${factor})`), ofRational(exponent))
  }
  return total
}

/** The logarithm to a base. */
export function logarithmTo([base, a]: readonly [Maybe, Maybe], budget: WorkBudget): Maybe {
  const plain = base === null ? null : rationalOf(base)
  const divisor = logarithm('ln', base, budget)
  if (plain !== null && plain.top === plain.bottom) return null
  return quotient(logarithm('ln', a, budget), divisor, budget)
}
