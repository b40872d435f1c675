/**
 * @file Works out a parsed answer, member by member, under the declared policies for percent signs and units.
 */
import { isExpressionNode } from './answer-node.ts'
import type { AnswerNode, ExpressionNode } from './answer-node.ts'
import type { AnswerValue } from './answer-value.ts'
import { INFINITY, evaluateExpression } from './evaluate-expression.ts'
import { negated, ofRational, ofSymbol, product, sum } from './expression.ts'
import type { Expression } from './expression.ts'
import { formatRational } from '../exact/rational.ts'
import type { UnitSet } from '../exact/units.ts'
import type { WorkBudget } from './work-budget.ts'

/** What 5% is: 1/20, 5, or nothing but 5%. */
export type PercentPolicy = 'value' | 'number' | 'refuse'

/** What evaluating needs to know. */
export interface AnswerPolicy {
  readonly budget: WorkBudget
  readonly percent: PercentPolicy
  readonly units: UnitSet
}

type Maybe = AnswerValue | null

const HUNDREDTH = ofRational({ top: 1n, bottom: 100n })
const CONSTANTS = new Set(['pi', 'e', 'i', INFINITY])

/** What an answer says; null where it says nothing definite. */
export function evaluateAnswer(node: AnswerNode, policy: AnswerPolicy): Maybe {
  if (isExpressionNode(node)) return evaluateSigns(node, policy)
  switch (node.type) {
    case 'quantity':
      return evaluateQuantity(node, policy)
    case 'sequence': {
      const items = evaluateAll(node.items, policy)
      if (items === null) return null
      const sequence = (members: readonly AnswerValue[]) =>
        ({ kind: 'sequence', open: node.open, close: node.close, items: members }) as const
      return node.open === '' ? gatherAssignment(items, sequence) : sequence(items)
    }
    case 'collection': {
      const items = evaluateAll(node.items, policy)
      if (items === null) return null
      // A set of 1 ± 2 and 5 has three members.
      const members = items.flatMap((item, index) => (item.kind === 'set' && isSigned(node.items[index]) ? item.items : [item]))
      return gatherAssignment(members, (all) => ({ kind: node.kind, items: all }))
    }
    case 'matrix': {
      const rows = node.rows.map((row) => evaluateAll(row, policy))
      return rows.some((row) => row === null) ? null : { kind: 'matrix', rows: rows.map((row) => row ?? []) }
    }
    case 'relation':
      return evaluateRelation(node, policy)
  }
}

/** Whether a member was made a set by ± alone. */
function isSigned(node: AnswerNode | undefined): boolean {
  return node !== undefined && isExpressionNode(node)
}

function evaluateAll(nodes: readonly AnswerNode[], policy: AnswerPolicy): readonly AnswerValue[] | null {
  const values: AnswerValue[] = []
  for (const node of nodes) {
    const value = evaluateAnswer(node, policy)
    if (value === null) return null
    values.push(value)
  }
  return values
}

/** ± makes two values out of one expression: the set of both. Infinity is a value by itself and no part of one. */
function evaluateSigns(node: ExpressionNode, policy: AnswerPolicy): Maybe {
  const infinity = infinite(node)
  if (infinity !== null) return infinity
  const evaluation = { budget: policy.budget, sign: 1 as const, sawPlusMinus: false }
  const value = wrap(evaluateExpression(node, evaluation))
  if (value === null || !evaluation.sawPlusMinus) return value
  const other = wrap(evaluateExpression(node, { budget: policy.budget, sign: -1, sawPlusMinus: false }))
  return other === null ? null : { kind: 'set', items: [value, other] }
}

function wrap(expression: Expression | null): Maybe {
  return expression === null ? null : { kind: 'expression', expression }
}

function infinite(node: ExpressionNode): Maybe {
  if (node.type === 'symbol' && node.name === INFINITY) return wrap(ofSymbol(INFINITY))
  if (node.type !== 'signed' || node.sign !== '-' || node.of.type !== 'symbol' || node.of.name !== INFINITY) return null
  return wrap(negated(ofSymbol(INFINITY)))
}

function evaluateQuantity(node: AnswerNode & { readonly type: 'quantity' }, policy: AnswerPolicy): Maybe {
  const evaluation = { budget: policy.budget, sign: 1 as const, sawPlusMinus: false }
  const amount = evaluateExpression(node.amount, evaluation)
  if (amount === null || evaluation.sawPlusMinus) return null
  if (node.unit === '%' && policy.percent === 'number') return { kind: 'expression', expression: amount }
  if (node.unit === '%' && policy.percent === 'value') {
    const share = product(amount, HUNDREDTH, policy.budget)
    return share === null ? null : { kind: 'expression', expression: share }
  }
  const symbolic = node.symbolic === null ? null : evaluateExpression(node.symbolic, evaluation)
  const unit = policy.units.byName.get(node.unit)
  if (unit === undefined) return { kind: 'quantity', amount, unit: node.unit, base: null, symbolic }
  const scaled = product(amount, ofRational(unit.factor), policy.budget)
  const inBase = unit.offset.top === 0n ? scaled : sum(scaled, ofRational(unit.offset), policy.budget)
  return inBase === null
    ? null
    : { kind: 'quantity', amount, unit: node.unit, base: { dimension: unit.dimension, amount: inBase }, symbolic }
}

function evaluateRelation(node: AnswerNode & { readonly type: 'relation' }, policy: AnswerPolicy): Maybe {
  const items = evaluateAll(node.items, policy)
  const [left] = node.items
  const [, right] = items ?? []
  if (items === null) return null
  const operator = node.operators.length === 1 && (node.operators[0] === '=' || node.operators[0] === '∈') ? node.operators[0] : null
  const name = left === undefined ? null : variableOf(left)
  if (operator !== null && right !== undefined && name !== null) return { kind: 'assignment', name, operator, value: right }
  const descends = node.operators.every((operator) => operator === '>' || operator === '≥')
  if (!descends) return { kind: 'relation', operators: node.operators, items }
  const ascending = node.operators.map((operator) => (operator === '>' ? '<' : '≤'))
  return { kind: 'relation', operators: ascending.toReversed(), items: items.toReversed() }
}

/** The variable that an equation gives, or the tuple of them: x, (p, q). */
function variableOf(node: AnswerNode): string | null {
  if (node.type === 'symbol') return CONSTANTS.has(node.name) ? null : node.name
  if (node.type === 'call') return appliedName(node)
  if (node.type !== 'sequence' || node.open !== '(' || node.close !== ')') return null
  const names = node.items.map((item) => (item.type === 'symbol' ? variableOf(item) : null))
  return names.includes(null) ? null : `(${names.join(',')})`
}

/** f(x) and f(2): names for what stands on the other side. */
function appliedName({ name, items }: ExpressionNode & { readonly type: 'call' }): string | null {
  if (!/^[a-zA-Z](?:_\w+)?$/.test(name)) return null
  const parts = items.map((item) => (item.type === 'symbol' ? item.name : item.type === 'number' ? formatRational(item.value) : null))
  return parts.includes(null) ? null : `${name}(${parts.join(',')})`
}

/** "x = 1, x = 2" and "x = 1 or 2" say that x is one of two values. */
function gatherAssignment(items: readonly AnswerValue[], gather: (items: readonly AnswerValue[]) => AnswerValue): AnswerValue {
  const [first] = items
  if (first?.kind !== 'assignment' || first.operator !== '=') return gather(items)
  const values: AnswerValue[] = []
  for (const item of items) {
    const value =
      item.kind === 'assignment'
        ? item.name === first.name && item.operator === '='
          ? item.value
          : null
        : item.kind === 'expression'
          ? item
          : null
    if (value === null) return gather(items)
    values.push(value)
  }
  return { kind: 'assignment', name: first.name, operator: '=', value: gather(values) }
}
