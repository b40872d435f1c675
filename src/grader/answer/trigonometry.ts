/**
 * @file Trigonometric functions at rational multiples of π: their values where these are simple roots, else the same name for the same value.
 * Values of sin(πr) for r = 1/12, 1/10, 1/8 and so on: any table; they follow from the half-angle formulas and the regular pentagon.
 */
import { negated, ofRational, ofSymbol, onlyTermOf, product, quotient, sameExpression, sum } from './expression.ts'
import type { Expression } from './expression.ts'
import { add, formatRational, multiply, ratio } from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'
import { root } from './roots.ts'
import { WorkBudget } from './work-budget.ts'

type Maybe = Expression | null

/** The functions that have values here. */
export type AngleFunction = 'sin' | 'cos' | 'tan' | 'cot' | 'sec' | 'csc'

/** sin(πr) as (a√m + b√n)/d, or as the root of that over 4 where `nested`. */
const SINES: Readonly<
  Record<string, { readonly parts: readonly (readonly [number, number])[]; readonly under: number; readonly nested?: true }>
> = {
  '0': { parts: [[0, 1]], under: 1 },
  '1/12': {
    parts: [
      [1, 6],
      [-1, 2],
    ],
    under: 4,
  },
  '1/10': {
    parts: [
      [1, 5],
      [-1, 1],
    ],
    under: 4,
  },
  '1/8': {
    parts: [
      [2, 1],
      [-1, 2],
    ],
    under: 2,
    nested: true,
  },
  '1/6': { parts: [[1, 1]], under: 2 },
  '1/5': {
    parts: [
      [10, 1],
      [-2, 5],
    ],
    under: 4,
    nested: true,
  },
  '1/4': { parts: [[1, 2]], under: 2 },
  '3/10': {
    parts: [
      [1, 5],
      [1, 1],
    ],
    under: 4,
  },
  '1/3': { parts: [[1, 3]], under: 2 },
  '3/8': {
    parts: [
      [2, 1],
      [1, 2],
    ],
    under: 2,
    nested: true,
  },
  '2/5': {
    parts: [
      [10, 1],
      [2, 5],
    ],
    under: 4,
    nested: true,
  },
  '5/12': {
    parts: [
      [1, 6],
      [1, 2],
    ],
    under: 4,
  },
  '1/2': { parts: [[1, 1]], under: 1 },
}

/** A function at an angle; null where it has no value, `undefined` where the angle is no rational multiple of π. */
export function trigonometric(name: AngleFunction, angle: Expression, budget: WorkBudget): Maybe | undefined {
  const turns = multipleOfPi(angle)
  if (turns === null) return undefined
  const sine = sineOf(turns, budget)
  const cosine = sineOf(add({ top: 1n, bottom: 2n }, multiply(turns, { top: -1n, bottom: 1n })), budget)
  const one = ofRational({ top: 1n, bottom: 1n })
  switch (name) {
    case 'sin':
      return sine
    case 'cos':
      return cosine
    case 'tan':
      return quotient(sine, cosine, budget)
    case 'cot':
      return quotient(cosine, sine, budget)
    case 'sec':
      return quotient(one, cosine, budget)
    case 'csc':
      return quotient(one, sine, budget)
  }
}

/** The angle, from the usual range, whose sine, cosine or tangent a value is; null where it is none of the table. */
export function angleOf(name: 'arcsin' | 'arccos' | 'arctan', value: Expression, budget: WorkBudget): Maybe {
  const found = Object.keys(SINES).find((key) => matches(name, value, { turns: turnsOf(key), budget }))
  const opposite = found === undefined ? negated(value) : null
  const mirrored =
    opposite === null ? undefined : Object.keys(SINES).find((key) => matches(name, opposite, { turns: turnsOf(key), budget }))
  const key = found ?? mirrored
  if (key === undefined) return null
  const angle = product(ofRational(turnsOf(key)), ofSymbol('pi'), budget)
  if (found !== undefined) return angle
  return name === 'arccos' ? sum(ofSymbol('pi'), negated(angle), budget) : negated(angle)
}

function matches(name: string, value: Expression, { turns, budget }: { readonly turns: Rational; readonly budget: WorkBudget }): boolean {
  const angle = product(ofRational(turns), ofSymbol('pi'), budget)
  const at = angle === null ? null : trigonometric(name.slice(3) as AngleFunction, angle, budget)
  return at != null && sameExpression(at, value, budget) === true
}

function turnsOf(key: string): Rational {
  const [top = '0', bottom = '1'] = key.split('/')
  return { top: BigInt(top), bottom: BigInt(bottom) }
}

function multipleOfPi(angle: Expression): Rational | null {
  if (angle.top.size === 0) return { top: 0n, bottom: 1n }
  const term = onlyTermOf(angle)
  const [only] = term?.powers ?? []
  const isPi = term?.powers.length === 1 && only?.[0] === 'pi' && only[1].top === 1n && only[1].bottom === 1n
  return isPi ? term.coefficient : null
}

/** sin(πr), by the sine of an angle from 0 to a quarter turn. */
function sineOf(r: Rational | null, budget: WorkBudget): Maybe {
  if (r === null || !budget.spend(4)) return null
  const { top, bottom } = r
  const full = ((top % (2n * bottom)) + 2n * bottom) % (2n * bottom)
  const half = full >= bottom ? full - bottom : full
  const acute = ratio(2n * half > bottom ? bottom - half : half, bottom)
  const value = acute === null ? null : acuteSine(formatRational(acute))
  return full >= bottom ? negated(value) : value
}

/** Worked out once for all: no answer pays for the table. */
const acuteSines = new Map<string, Maybe>()

function acuteSine(key: string): Maybe {
  const row = Object.hasOwn(SINES, key) ? SINES[key] : undefined
  if (row === undefined) return ofSymbol(`sin(${key}*pi)`)
  const known = acuteSines.get(key)
  if (known !== undefined) return known
  const budget = new WorkBudget()
  let total: Maybe = ofRational({ top: 0n, bottom: 1n })
  for (const [count, radicand] of row.parts) {
    const part = root(ofRational({ top: BigInt(radicand), bottom: 1n }), 2, budget)
    total = sum(total, product(ofRational({ top: BigInt(count), bottom: 1n }), part, budget), budget)
  }
  const top = row.nested === true ? root(total, 2, budget) : total
  const value = quotient(top, ofRational({ top: BigInt(row.under), bottom: 1n }), budget)
  acuteSines.set(key, value)
  return value
}
