/**
 * @file What an answer leaves for its reader to work out. Rewarding 2+3 where 5 is asked would teach a model to copy the question.
 */
import { isExpressionNode } from './answer-node.ts'
import type { AnswerNode, ExpressionNode } from './answer-node.ts'
import { evaluateExpression } from './evaluate-expression.ts'
import { UNIT, expressionKey, rationalOf } from './expression.ts'
import { onlyTerm } from './polynomial.ts'
import { ONE, greatestCommonDivisor, same } from '../exact/rational.ts'
import { WorkBudget } from './work-budget.ts'

/**
 * `arithmetic`: 2+3, 2^10, x+x. `fraction`: 2/4, 2x/2. `root`: the root of 12. `call`: 5!, ln 1. `factors`: (x+1)(x-1), (x^2-1)/(x-1).
 * `repetition`: {1, 1, 2}.
 */
export type UnfinishedWork = 'arithmetic' | 'fraction' | 'root' | 'call' | 'factors' | 'repetition'

/** Every kind of work that is left in an answer, as it is written. */
export function unfinishedWork(node: AnswerNode): ReadonlySet<UnfinishedWork> {
  const visitor = { found: new Set<UnfinishedWork>(), budget: new WorkBudget() }
  for (const inner of expressionsIn(node)) {
    visit(inner, visitor)
    if (comesToNumber(inner, visitor.budget)) visitor.found.add('arithmetic')
  }
  if (repeatsMembers(node, visitor.budget)) visitor.found.add('repetition')
  return visitor.found
}

function* expressionsIn(node: AnswerNode): Iterable<ExpressionNode> {
  if (isExpressionNode(node)) yield node
  else if (node.type === 'quantity') yield node.amount
  else if (node.type === 'matrix') for (const row of node.rows) for (const cell of row) yield* expressionsIn(cell)
  else if ('items' in node) for (const item of node.items) yield* expressionsIn(item)
}

/** Letters that come to a plain number: i^2, e^{iπ}. */
function comesToNumber(node: ExpressionNode, budget: WorkBudget): boolean {
  if (!hasSymbol(node)) return false
  const value = evaluateExpression(node, { budget, sign: 1, sawPlusMinus: false })
  return value !== null && rationalOf(value) !== null
}

function hasSymbol(node: ExpressionNode): boolean {
  return node.type === 'symbol' || partsOf(node).some(hasSymbol)
}

/** A set that names a member twice. */
function repeatsMembers(node: AnswerNode, budget: WorkBudget): boolean {
  if (isExpressionNode(node) || !('items' in node)) return false
  if (node.items.some((item) => repeatsMembers(item, budget))) return true
  if (node.type !== 'collection' || node.kind !== 'set') return false
  const keys = node.items.flatMap((item) => {
    const value = isExpressionNode(item) ? evaluateExpression(item, { budget, sign: 1, sawPlusMinus: false }) : null
    return value === null ? [] : [expressionKey(value)]
  })
  return new Set(keys).size < keys.length
}

interface Visitor {
  readonly found: Set<UnfinishedWork>
  readonly budget: WorkBudget
}

function visit(node: ExpressionNode, visitor: Visitor): void {
  const own = workOf(node, visitor.budget)
  if (own !== null) visitor.found.add(own)
  for (const part of partsOf(node)) visit(part, visitor)
}

function workOf(node: ExpressionNode, budget: WorkBudget): UnfinishedWork | null {
  switch (node.type) {
    case 'sum':
      return hasLikeTerms(node, budget) ? 'arithmetic' : null
    case 'product':
      return productWork(node)
    case 'quotient':
      return quotientWork(node)
    case 'power':
      return powerWork(node)
    case 'root':
      return isSimpleRoot(node, budget) ? null : 'root'
    case 'call':
    case 'factorial':
    case 'binomial':
      return 'call'
    case 'number':
    case 'mixed':
    case 'symbol':
    case 'signed':
      return null
  }
}

function partsOf(node: ExpressionNode): readonly ExpressionNode[] {
  if (node.type === 'sum' || node.type === 'product' || node.type === 'call') return node.items
  if (node.type === 'signed' || node.type === 'root' || node.type === 'factorial') return [node.of]
  if (node.type === 'quotient') return [node.over, node.under]
  return node.type === 'power' ? [node.base, node.exponent] : []
}

/** A sum that has fewer terms once it is worked out. */
function hasLikeTerms(node: ExpressionNode & { readonly type: 'sum' }, budget: WorkBudget): boolean {
  const value = evaluateExpression(node, { budget, sign: 1, sawPlusMinus: false })
  return value === null || value.bottom !== UNIT || value.top.size < node.items.length
}

function productWork({ items }: ExpressionNode & { readonly type: 'product' }): UnfinishedWork | null {
  if (items.some(hasSum)) return 'factors'
  const numbers = items.filter((item) => isNumeric(item) && !isPowerOfTen(item))
  const names = items.flatMap((item) => nameOf(item) ?? [])
  return numbers.length > 1 || new Set(names).size < names.length ? 'arithmetic' : null
}

function quotientWork({ over, under }: ExpressionNode & { readonly type: 'quotient' }): UnfinishedWork | null {
  if (over.type === 'number' && under.type === 'number') {
    const reduced = over.value.bottom === 1n && under.value.bottom === 1n && greatestCommonDivisor(over.value.top, under.value.top) === 1n
    return reduced && under.value.top > 1n ? null : 'fraction'
  }
  if (isNumeric(over) && isNumeric(under))
    return over.type === 'signed' ? quotientWork({ type: 'quotient', over: over.of, under }) : 'arithmetic'
  if (hasSum(over) && hasSum(under)) return 'factors'
  const divisor = wholeFactorOf(under)
  const cancels = greatestCommonDivisor(wholeFactorOf(over), divisor) > 1n || (under.type === 'number' && divisor === 1n)
  const names = new Set(namesOfFactors(under))
  return cancels || namesOfFactors(over).some((name) => names.has(name)) ? 'fraction' : null
}

/** The whole number by which all of an expression can be divided, as it is written. */
function wholeFactorOf(node: ExpressionNode): bigint {
  if (node.type === 'number') return node.value.bottom === 1n ? node.value.top : 1n
  if (node.type === 'signed') return wholeFactorOf(node.of)
  if (node.type === 'product') return node.items.reduce((factor, item) => factor * wholeFactorOf(item), 1n)
  return node.type === 'sum' ? node.items.map(wholeFactorOf).reduce(greatestCommonDivisor) : 1n
}

/** The variables by which all of an expression can be divided, as it is written. */
function namesOfFactors(node: ExpressionNode): readonly string[] {
  if (node.type === 'symbol') return [node.name]
  if (node.type === 'signed') return namesOfFactors(node.of)
  if (node.type === 'power') return namesOfFactors(node.base)
  if (node.type === 'product') return node.items.flatMap(namesOfFactors)
  if (node.type !== 'sum') return []
  const [first = [], ...others] = node.items.map(namesOfFactors)
  return first.filter((name) => others.every((names) => names.includes(name)))
}

function powerWork({ base, exponent }: ExpressionNode & { readonly type: 'power' }): UnfinishedWork | null {
  if (hasSum(base)) return 'factors'
  if (base.type === 'symbol' && base.name === 'e' && namesOfFactors(exponent).includes('i')) return 'call'
  if (!isNumeric(base) || !isNumeric(exponent)) return null
  return isPowerOfTen({ type: 'power', base, exponent }) ? null : 'arithmetic'
}

/** A root of a number from which nothing can be taken out. */
function isSimpleRoot(node: ExpressionNode & { readonly type: 'root' }, budget: WorkBudget): boolean {
  if (!isNumeric(node.of)) return true
  const value = evaluateExpression(node, { budget, sign: 1, sawPlusMinus: false })
  const term = value === null ? null : onlyTerm(value.top)
  return term !== null && term.powers.length > 0 && same(term.coefficient, ONE)
}

function isPowerOfTen(node: ExpressionNode): boolean {
  if (node.type !== 'power' || node.base.type !== 'number' || node.base.value.top !== 10n || node.base.value.bottom !== 1n) return false
  return node.exponent.type === 'number' || (node.exponent.type === 'signed' && node.exponent.of.type === 'number')
}

/** Made of numbers only. */
function isNumeric(node: ExpressionNode): boolean {
  if (node.type === 'number' || node.type === 'mixed') return true
  if (node.type === 'symbol' || node.type === 'root' || node.type === 'call') return false
  return partsOf(node).length > 0 && partsOf(node).every(isNumeric)
}

function hasSum(node: ExpressionNode): boolean {
  if (node.type === 'sum') return true
  return node.type === 'signed' && hasSum(node.of)
}

/** The variable of a factor, for telling x*x. */
function nameOf(node: ExpressionNode): string | null {
  if (node.type === 'symbol') return node.name
  if (node.type === 'root') return 'root'
  return node.type === 'power' ? nameOf(node.base) : null
}
