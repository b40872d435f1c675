/**
 * @file Intervals of real numbers, whether written as x > 2, as (2, ∞) or as x ∈ (2, ∞).
 */
import type { AnswerValue } from './answer-value.ts'
import { INFINITY } from './evaluate-expression.ts'
import { expressionKey, negated, ofSymbol, onlyTermOf, sameExpression } from './expression.ts'
import type { Expression } from './expression.ts'
import type { WorkBudget } from './work-budget.ts'

/** One interval; an end that is not closed does not belong to it. */
interface Interval {
  readonly low: Expression
  readonly high: Expression
  readonly closedLow: boolean
  readonly closedHigh: boolean
}

/** Intervals, and the variable that lies in them where one is named. */
export interface RealIntervals {
  readonly variable: string | null
  readonly intervals: readonly Interval[]
}

/** The intervals that an answer says; null where it says something else. A pair in round brackets may be an interval. */
export function intervalsOf(value: AnswerValue): RealIntervals | null {
  switch (value.kind) {
    case 'sequence':
      return ofSequence(value)
    case 'relation':
      return ofRelation(value)
    case 'assignment': {
      const inner = value.operator === '∈' ? intervalsOf(value.value) : null
      return inner?.variable === null ? { ...inner, variable: value.name } : null
    }
    case 'set':
    case 'union':
      return ofParts(value)
    case 'expression':
    case 'quantity':
    case 'matrix':
      return null
  }
}

/** Whether both are the same intervals, of the same variable where both name one. */
export function sameIntervals(a: RealIntervals, b: RealIntervals, budget: WorkBudget): boolean {
  if (a.variable !== null && b.variable !== null && a.variable !== b.variable) return false
  if (a.intervals.length !== b.intervals.length) return false
  const rest = [...b.intervals]
  for (const interval of a.intervals) {
    const at = rest.findIndex((other) => isSame(interval, other, budget))
    if (at < 0) return false
    rest.splice(at, 1)
  }
  return true
}

function isSame(a: Interval, b: Interval, budget: WorkBudget): boolean {
  if (a.closedLow !== b.closedLow || a.closedHigh !== b.closedHigh || !budget.spend(1)) return false
  return sameExpression(a.low, b.low, budget) === true && sameExpression(a.high, b.high, budget) === true
}

function ofSequence({ open, close, items }: AnswerValue & { readonly kind: 'sequence' }): RealIntervals | null {
  const [low, high] = items
  if (items.length !== 2 || low?.kind !== 'expression' || high?.kind !== 'expression' || open === '' || open === '{') return null
  const interval = { low: low.expression, high: high.expression, closedLow: open === '[', closedHigh: close === ']' }
  return { variable: null, intervals: [interval] }
}

/** x > 2, 1 < x ≤ 5, x ≠ 3. Descending relations were turned around before. */
function ofRelation({ operators, items }: AnswerValue & { readonly kind: 'relation' }): RealIntervals | null {
  const at = items.findIndex((item) => variableOf(item) !== null)
  const variable = items[at] === undefined ? null : variableOf(items[at])
  const others = items.flatMap((item, index) => (index === at ? [] : item.kind === 'expression' ? [item.expression] : []))
  if (variable === null || others.length !== items.length - 1 || others.some((other) => mentions(other, variable))) return null
  const [first, second] = others
  const [operator, next] = operators
  const infinity = ofSymbol(INFINITY)
  const below = negated(infinity)
  if (first === undefined || infinity === null || below === null) return null
  if (operators.length === 1 && operator === '≠') {
    const left = { low: below, high: first, closedLow: false, closedHigh: false }
    return { variable, intervals: [left, { low: first, high: infinity, closedLow: false, closedHigh: false }] }
  }
  if (!operators.every((one) => one === '<' || one === '≤')) return null
  if (operators.length === 1) {
    const closed = operator === '≤'
    const interval =
      at === 0
        ? { low: below, high: first, closedLow: false, closedHigh: closed }
        : { low: first, high: infinity, closedLow: closed, closedHigh: false }
    return { variable, intervals: [interval] }
  }
  if (operators.length !== 2 || at !== 1 || second === undefined) return null
  return { variable, intervals: [{ low: first, high: second, closedLow: operator === '≤', closedHigh: next === '≤' }] }
}

/** Parts joined by ∪ or "or", all of one variable. */
function ofParts({ kind, items }: AnswerValue & { readonly kind: 'set' | 'union' }): RealIntervals | null {
  // A set of pairs is no union of intervals.
  const parts = items.map((item) => (kind === 'set' && item.kind === 'sequence' ? null : intervalsOf(item)))
  const [first] = parts
  if (first == null || parts.some((part) => part === null || part.variable !== first.variable)) return null
  return { variable: first.variable, intervals: parts.flatMap((part) => part?.intervals ?? []) }
}

function variableOf(value: AnswerValue): string | null {
  const term = value.kind === 'expression' ? onlyTermOf(value.expression) : null
  const [only] = term?.powers ?? []
  if (term?.powers.length !== 1 || only === undefined || term.coefficient.top !== 1n || term.coefficient.bottom !== 1n) return null
  const [name, { top, bottom }] = only
  return top === 1n && bottom === 1n && /^[a-zA-Z]/.test(name) && !/^(?:pi|e|i)$|[(]/.test(name) ? name : null
}

/** Cautious: a variable n is also seen in "sin". */
function mentions(expression: Expression, variable: string): boolean {
  return expressionKey(expression).includes(variable)
}
