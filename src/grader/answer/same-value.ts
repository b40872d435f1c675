/**
 * @file Whether two answers say the same. What cannot be decided within the budget counts as different.
 */
import type { AnswerValue, Quantity } from './answer-value.ts'
import { sameExpression } from './expression.ts'
import type { Expression } from './expression.ts'
import { intervalsOf, sameIntervals } from './real-intervals.ts'
import { sameUnit } from '../exact/unit-names.ts'
import type { WorkBudget } from './work-budget.ts'

/** How two answers are compared. */
export interface ComparisonPolicy {
  readonly budget: WorkBudget
  /** Whether an amount without a unit equals the same amount with one, on either side: never for percent. */
  readonly unitMayMiss: { readonly inAnswer: boolean; readonly inGold: boolean }
  /** Whether "x = 5" equals "5": per side that may have the variable. */
  readonly variableMayMiss: { readonly inAnswer: boolean; readonly inGold: boolean }
  readonly listOrder: 'kept' | 'free'
  /** Whether members of something are compared: a pair is no interval there. */
  readonly member: boolean
}

type Values = readonly AnswerValue[]
type OfKind<K extends AnswerValue['kind']> = AnswerValue & { readonly kind: K }

/** Compares an answer with a gold answer. */
export function sameValue(answer: AnswerValue, gold: AnswerValue, policy: ComparisonPolicy): boolean {
  if (!policy.budget.spend(1)) return false
  if (!policy.member && (answer.kind !== gold.kind || answer.kind === 'assignment' || answer.kind === 'relation')) {
    const [left, right] = [intervalsOf(answer), intervalsOf(gold)]
    if (left !== null && right !== null) return sameIntervals(left, right, policy.budget)
  }
  if (answer.kind === 'assignment' && gold.kind === 'assignment') return sameAssignment(answer, gold, policy)
  const [apart, given] = [partsOfTuple(answer, gold), partsOfTuple(gold, answer)]
  if (apart !== null) return sameValue(apart, gold, policy)
  if (given !== null) return sameValue(answer, given, policy)
  // A name is left out once: "x = 1, x = 2" is no "x = 1, y = 2".
  const named = { ...policy, variableMayMiss: { inAnswer: false, inGold: false } }
  if (answer.kind === 'assignment') return policy.variableMayMiss.inGold && sameValue(answer.value, gold, named)
  if (gold.kind === 'assignment') return policy.variableMayMiss.inAnswer && sameValue(answer, gold.value, named)
  if (answer.kind === 'quantity' || gold.kind === 'quantity') return sameQuantity(answer, gold, policy)
  if (answer.kind === 'expression' && gold.kind === 'expression') return sameAmount(answer.expression, gold.expression, policy)
  if (answer.kind === 'sequence' && gold.kind === 'sequence') return sameSequence(answer, gold, policy)
  if (answer.kind === 'matrix' && gold.kind === 'matrix') return sameMatrix(answer.rows, gold.rows, policy)
  if (answer.kind === 'relation' && gold.kind === 'relation') return sameRelation(answer, gold, policy)
  if (answer.kind === 'set' && gold.kind === 'set') return sameMembers(answer.items, gold.items, policy)
  if (answer.kind === 'union' && gold.kind === 'union') return sameMembers(answer.items, gold.items, policy)
  const [list, set] = answer.kind === 'set' ? [gold, answer] : [answer, gold]
  return policy.listOrder === 'free' && isBareList(list) && set.kind === 'set' && sameCounts(list.items, set.items, policy)
}

/** (x, y) = (1, 2) as x = 1, y = 2, where it is compared with such a list. */
function partsOfTuple(tuple: AnswerValue, other: AnswerValue): AnswerValue | null {
  if (tuple.kind !== 'assignment' || tuple.value.kind !== 'sequence' || !isBareList(other) || !other.items.every(isEquation)) return null
  const names = /^\((.+)\)$/.exec(tuple.name)?.[1]?.split(',') ?? []
  const { items } = tuple.value
  if (names.length !== items.length) return null
  const parts = items.map((value, index) => ({ kind: 'assignment', name: names[index] ?? '', operator: '=', value }) as const)
  return { kind: 'sequence', open: '', close: '', items: parts }
}

function isEquation(value: AnswerValue): boolean {
  return value.kind === 'assignment' && value.operator === '='
}

/** Several values of one variable are its solutions, in any order: x = 1, x = 2. */
function sameAssignment(answer: OfKind<'assignment'>, gold: OfKind<'assignment'>, policy: ComparisonPolicy): boolean {
  return answer.name === gold.name && sameValue(answer.value, gold.value, { ...policy, listOrder: 'free' })
}

/** A list without brackets, which has an order unless that is declared free. */
function isBareList(value: AnswerValue): value is OfKind<'sequence'> {
  return value.kind === 'sequence' && value.open === ''
}

function sameAmount(a: Expression, b: Expression, { budget }: ComparisonPolicy): boolean {
  return sameExpression(a, b, budget) === true
}

function sameQuantity(answer: AnswerValue, gold: AnswerValue, policy: ComparisonPolicy): boolean {
  if (answer.kind === 'quantity' && gold.kind === 'quantity') {
    if (answer.base !== null && gold.base !== null && answer.base.dimension === gold.base.dimension) {
      return sameAmount(answer.base.amount, gold.base.amount, policy)
    }
    return sameUnit(answer.unit, gold.unit) && sameAmount(answer.amount, gold.amount, policy)
  }
  if (answer.kind === 'quantity' && gold.kind === 'expression') {
    const missed = policy.unitMayMiss.inGold && maybeMissed(answer.unit)
    return isProduct(answer, gold.expression, policy) || (missed && sameAmount(answer.amount, gold.expression, policy))
  }
  if (answer.kind === 'expression' && gold.kind === 'quantity') {
    const missed = policy.unitMayMiss.inAnswer && maybeMissed(gold.unit)
    return isProduct(gold, answer.expression, policy) || (missed && sameAmount(answer.expression, gold.amount, policy))
  }
  return false
}

/** "5 meters" and 5m, which is read as a product. */
function isProduct({ symbolic }: Quantity, expression: Expression, policy: ComparisonPolicy): boolean {
  return symbolic !== null && sameAmount(symbolic, expression, policy)
}

/** A unit that can be left out is short: "5 or so, I am not sure" has no unit. */
function maybeMissed(unit: string): boolean {
  return unit !== '%' && unit.length <= 30 && unit.split(' ').length <= 3
}

function sameSequence(answer: OfKind<'sequence'>, gold: OfKind<'sequence'>, policy: ComparisonPolicy): boolean {
  if (answer.open !== gold.open || answer.close !== gold.close) return false
  const free = isBareList(gold) && (policy.listOrder === 'free' || (eachNamesItself(answer) && eachNamesItself(gold)))
  return free ? sameCounts(answer.items, gold.items, policy) : inOrder(answer.items, gold.items, policy)
}

/** x = 1, y = 2: every member says which it is. */
function eachNamesItself({ items }: OfKind<'sequence'>): boolean {
  const names = items.flatMap((item) => (item.kind === 'assignment' ? [item.name] : []))
  return new Set(names).size === items.length
}

/** The same members in any order, each as often on either side. */
function sameCounts(answer: Values, gold: Values, whole: ComparisonPolicy): boolean {
  const policy = { ...whole, member: true }
  if (answer.length !== gold.length) return false
  const rest = [...gold]
  for (const item of answer) {
    const at = rest.findIndex((other) => sameValue(item, other, policy))
    if (at < 0) return false
    rest.splice(at, 1)
  }
  return true
}

/** Whether each member of either side is a member of the other. */
function sameMembers(answer: Values, gold: Values, whole: ComparisonPolicy): boolean {
  const policy = { ...whole, member: true }
  const inGold = answer.every((item) => gold.some((other) => sameValue(item, other, policy)))
  return inGold && gold.every((item) => answer.some((other) => sameValue(other, item, policy)))
}

function sameMatrix(answer: readonly Values[], gold: readonly Values[], policy: ComparisonPolicy): boolean {
  return answer.length === gold.length && answer.every((row, index) => inOrder(row, gold[index] ?? [], policy))
}

function sameRelation(answer: OfKind<'relation'>, gold: OfKind<'relation'>, policy: ComparisonPolicy): boolean {
  if (answer.operators.join() !== gold.operators.join()) return false
  if (inOrder(answer.items, gold.items, policy)) return true
  const turns = answer.operators.every((operator) => operator === '=' || operator === '≠')
  return turns && inOrder(answer.items.toReversed(), gold.items, policy)
}

function inOrder(answer: Values, gold: Values, policy: ComparisonPolicy): boolean {
  return answer.length === gold.length && answer.every((item, index) => sameMember(item, gold[index], policy))
}

function sameMember(answer: AnswerValue, gold: AnswerValue | undefined, policy: ComparisonPolicy): boolean {
  return gold !== undefined && sameValue(answer, gold, { ...policy, member: true })
}
