/**
 * @file Powers of e that come to something: e^{ln 3} and e^{iπ}.
 */
import { UNIT, ofRational, ofSymbol, onlyTermOf, product, sum } from './expression.ts'
import type { Expression } from './expression.ts'
import type { Term } from './polynomial.ts'
import { ONE, same } from '../exact/rational.ts'
import { power } from './roots.ts'
import { trigonometric } from './trigonometry.ts'
import type { WorkBudget } from './work-budget.ts'

type Maybe = Expression | null

const MOST_TERMS = 8

/** a to the power of b. */
export function powerOf(a: Maybe, b: Maybe, budget: WorkBudget): Maybe {
  const exponential = a !== null && b !== null && isE(a) ? powerOfE(b, budget) : null
  return exponential ?? power(a, b, budget)
}

function isE(a: Expression): boolean {
  const term = onlyTermOf(a)
  return term !== null && same(term.coefficient, ONE) && namesOf(term) === 'e'
}

/** Null where a term of the exponent is left as it is. */
function powerOfE({ top, bottom }: Expression, budget: WorkBudget): Maybe {
  if (bottom !== UNIT || top.size > MOST_TERMS || ![...top.keys()].some((key) => /^ln\(\d+\)$|^i\*pi$/.test(key))) return null
  let value: Maybe = ofRational(ONE)
  for (const term of top.values()) {
    const factor = powerOfTerm(term, budget)
    if (factor === null) return null
    value = product(value, factor, budget)
  }
  return value
}

function powerOfTerm(term: Term, budget: WorkBudget): Maybe {
  const names = namesOf(term)
  const exponent = ofRational(term.coefficient)
  if (names === '') return power(ofSymbol('e'), exponent, budget)
  if (names === 'i pi') {
    const angle = product(exponent, ofSymbol('pi'), budget)
    const [real, imaginary] = angle === null ? [] : [trigonometric('cos', angle, budget), trigonometric('sin', angle, budget)]
    return sum(real ?? null, product(imaginary ?? null, ofSymbol('i'), budget), budget)
  }
  const number = names === null ? undefined : /^ln\((\d+)\)$/.exec(names)?.[1]
  return number === undefined ? null : power(ofRational({ top: BigInt(number), bottom: 1n }), exponent, budget)
}

/** The names of a term that all stand to the power of 1; null for another power. */
function namesOf({ powers }: Term): string | null {
  return powers.every(([, exponent]) => same(exponent, ONE)) ? powers.map(([name]) => name).join(' ') : null
}
