/**
 * @file Whether two answers say the same. What cannot be decided within the budget counts as different.
 */
import type { AnswerValue } from './answer-value.ts'
import { sameExpression } from './expression.ts'
import type { Expression } from './expression.ts'
import type { WorkBudget } from './work-budget.ts'

/** How two answers are compared. */
export interface ComparisonPolicy {
  readonly budget: WorkBudget
  /** Whether an amount without a unit equals the same amount with one, on either side: never for percent. */
  readonly unitMayMiss: { readonly inAnswer: boolean; readonly inGold: boolean }
  /** Whether "x = 5" equals "5": per side that may have the variable. */
  readonly variableMayMiss: { readonly inAnswer: boolean; readonly inGold: boolean }
  readonly listOrder: 'kept' | 'free'
}

type Values = readonly AnswerValue[]

/** Compares an answer with a gold answer. */
export function sameValue(answer: AnswerValue, gold: AnswerValue, policy: ComparisonPolicy): boolean {
  if (!policy.budget.spend(1)) return false
  if (answer.kind === 'assignment' && gold.kind === 'assignment')
    return answer.name === gold.name && sameValue(answer.value, gold.value, policy)
  if (answer.kind === 'assignment') return policy.variableMayMiss.inGold && sameValue(answer.value, gold, policy)
  if (gold.kind === 'assignment') return policy.variableMayMiss.inAnswer && sameValue(answer, gold.value, policy)
  if (answer.kind === 'quantity' || gold.kind === 'quantity') return sameQuantity(answer, gold, policy)
  if (answer.kind === 'expression' && gold.kind === 'expression') return sameAmount(answer.expression, gold.expression, policy)
  if (answer.kind === 'sequence' && gold.kind === 'sequence') return sameSequence(answer, gold, policy)
  if (answer.kind === 'matrix' && gold.kind === 'matrix') return sameMatrix(answer.rows, gold.rows, policy)
  if (answer.kind === 'relation' && gold.kind === 'relation') return sameRelation(answer, gold, policy)
  const [left, right] = [membersOf(answer), membersOf(gold)]
  const comparable = answer.kind === gold.kind || (answer.kind !== 'union' && gold.kind !== 'union')
  return comparable && left !== null && right !== null && sameMembers(left, right, policy)
}

/** Members in any order: those of sets, and of lists without brackets beside a set. */
function membersOf(value: AnswerValue): Values | null {
  if (value.kind === 'set' || value.kind === 'union') return value.items
  return value.kind === 'sequence' && value.open === '' ? value.items : null
}

function sameAmount(a: Expression, b: Expression, { budget }: ComparisonPolicy): boolean {
  return sameExpression(a, b, budget) === true
}

function sameQuantity(answer: AnswerValue, gold: AnswerValue, policy: ComparisonPolicy): boolean {
  if (answer.kind === 'quantity' && gold.kind === 'quantity') {
    if (answer.base !== null && gold.base !== null && answer.base.dimension === gold.base.dimension) {
      return sameAmount(answer.base.amount, gold.base.amount, policy)
    }
    return answer.unit === gold.unit && sameAmount(answer.amount, gold.amount, policy)
  }
  if (answer.kind === 'quantity' && gold.kind === 'expression') {
    return policy.unitMayMiss.inGold && maybeMissed(answer.unit) && sameAmount(answer.amount, gold.expression, policy)
  }
  if (answer.kind === 'expression' && gold.kind === 'quantity') {
    return policy.unitMayMiss.inAnswer && maybeMissed(gold.unit) && sameAmount(answer.expression, gold.amount, policy)
  }
  return false
}

/** A unit that can be left out is short: "5 or so, I am not sure" has no unit. */
function maybeMissed(unit: string): boolean {
  return unit !== '%' && unit.length <= 30 && unit.split(' ').length <= 3
}

function sameSequence(
  answer: AnswerValue & { readonly kind: 'sequence' },
  gold: AnswerValue & { readonly kind: 'sequence' },
  policy: ComparisonPolicy,
): boolean {
  if (answer.open !== gold.open || answer.close !== gold.close) return false
  if (gold.open === '' && policy.listOrder === 'free')
    return answer.items.length === gold.items.length && sameMembers(answer.items, gold.items, policy)
  return inOrder(answer.items, gold.items, policy)
}

/** Whether each member of either side is a member of the other. */
function sameMembers(answer: Values, gold: Values, policy: ComparisonPolicy): boolean {
  const inGold = answer.every((item) => gold.some((other) => sameValue(item, other, policy)))
  return inGold && gold.every((item) => answer.some((other) => sameValue(other, item, policy)))
}

function sameMatrix(answer: readonly Values[], gold: readonly Values[], policy: ComparisonPolicy): boolean {
  return answer.length === gold.length && answer.every((row, index) => inOrder(row, gold[index] ?? [], policy))
}

function sameRelation(
  answer: AnswerValue & { readonly kind: 'relation' },
  gold: AnswerValue & { readonly kind: 'relation' },
  policy: ComparisonPolicy,
): boolean {
  if (answer.operators.join() !== gold.operators.join()) return false
  if (inOrder(answer.items, gold.items, policy)) return true
  const turns = answer.operators.every((operator) => operator === '=' || operator === '≠')
  return turns && inOrder(answer.items.toReversed(), gold.items, policy)
}

function inOrder(answer: Values, gold: Values, policy: ComparisonPolicy): boolean {
  return answer.length === gold.length && answer.every((item, index) => sameMember(item, gold[index], policy))
}

function sameMember(answer: AnswerValue, gold: AnswerValue | undefined, policy: ComparisonPolicy): boolean {
  return gold !== undefined && sameValue(answer, gold, policy)
}
