/**
 * @file Works out a parsed expression exactly; null where it has no value, or none that is known for sure.
 */
import type { ExpressionNode } from './answer-node.ts'
import { powerOf } from './exponentials.ts'
import { expressionKey, negated, ofRational, ofSymbol, product, quotient, rationalOf, sum, wholeNumberOf } from './expression.ts'
import type { Expression } from './expression.ts'
import { logarithm, logarithmTo } from './logarithms.ts'
import { root } from './roots.ts'
import { angleOf, trigonometric } from './trigonometry.ts'
import type { WorkBudget } from './work-budget.ts'

type Maybe = Expression | null

/** The name of infinity, which takes no part in arithmetic. */
export const INFINITY = '∞'

const LARGEST_FACTORIAL = 170

/** One evaluation: what ± stands for, and whether there was any. */
export interface Evaluation {
  readonly budget: WorkBudget
  readonly sign: 1 | -1
  sawPlusMinus: boolean
}

/** The value of an expression. */
export function evaluateExpression(node: ExpressionNode, evaluation: Evaluation): Maybe {
  const { budget } = evaluation
  if (!budget.spend(1)) return null
  const value = (inner: ExpressionNode) => evaluateExpression(inner, evaluation)
  switch (node.type) {
    case 'number':
      return ofRational(node.value)
    case 'mixed':
      return sum(ofRational(node.whole), value(node.part), budget)
    case 'symbol':
      return node.name === INFINITY ? null : ofSymbol(node.name)
    case 'signed':
      return signed(node, evaluation)
    case 'sum':
      return combine(node.items.map(value), (a, b) => sum(a, b, budget))
    case 'product':
      return combine(node.items.map(value), (a, b) => product(a, b, budget))
    case 'quotient':
      return quotient(value(node.over), value(node.under), budget)
    case 'power':
      return powerOf(value(node.base), value(node.exponent), budget)
    case 'root':
      return root(value(node.of), node.degree, budget)
    case 'call':
      return call(node.name, node.items.map(value), budget)
    case 'factorial':
      return factorial(value(node.of), budget)
    case 'binomial':
      return binomial([wholeNumberOf(value(node.from)), wholeNumberOf(value(node.choose))], budget)
  }
}

function signed(node: ExpressionNode & { readonly type: 'signed' }, evaluation: Evaluation): Maybe {
  const of = evaluateExpression(node.of, evaluation)
  if (node.sign === '-') return negated(of)
  evaluation.sawPlusMinus = true
  return (node.sign === '±') === (evaluation.sign === 1) ? of : negated(of)
}

function combine(values: readonly Maybe[], join: (a: Maybe, b: Maybe) => Maybe): Maybe {
  let [result = null] = values
  for (const value of values.slice(1)) result = join(result, value)
  return result
}

function call(name: string, items: readonly Maybe[], budget: WorkBudget): Maybe {
  const known = items.flatMap((item) => item ?? [])
  const [first, second] = known
  if (first === undefined || known.length < items.length) return null
  if (known.length === 1) {
    const value = simpleCall(name, first, budget)
    if (value !== undefined) return value
  }
  if (name === 'log_' && second !== undefined) return logarithmTo([first, second], budget)
  return ofSymbol(`${name}(${known.map(expressionKey).join(',')})`)
}

/** A function of one argument that is worked out; `undefined` for one that is not. */
function simpleCall(name: string, of: Expression, budget: WorkBudget): Maybe | undefined {
  const value = rationalOf(of)
  switch (name) {
    case 'abs':
      return value === null ? undefined : value.top < 0n ? negated(of) : of
    case 'exp':
      return powerOf(ofSymbol('e'), of, budget)
    case 'ln':
    case 'log':
    case 'lg':
      return logarithm(name, of, budget)
    case 'sin':
    case 'cos':
    case 'tan':
    case 'cot':
    case 'sec':
    case 'csc':
      return trigonometric(name, of, budget)
    case 'arcsin':
    case 'arccos':
    case 'arctan':
      return angleOf(name, of, budget) ?? undefined
    default:
      return undefined
  }
}

function factorial(of: Maybe, budget: WorkBudget): Maybe {
  const whole = wholeNumberOf(of)
  if (of === null || (rationalOf(of) !== null && (whole === null || whole < 0 || whole > LARGEST_FACTORIAL))) return null
  if (whole === null) return ofSymbol(`factorial(${expressionKey(of)})`)
  if (!budget.spend(whole)) return null
  let result = 1n
  for (let factor = 2n; factor <= BigInt(whole); factor += 1n) result *= factor
  return ofRational({ top: result, bottom: 1n })
}

function binomial([from, choose]: readonly [number | null, number | null], budget: WorkBudget): Maybe {
  if (from === null || choose === null || choose < 0 || from < choose || from > 1000) return null
  const steps = Math.min(choose, from - choose)
  if (!budget.spend(steps)) return null
  let result = 1n
  for (let step = 1; step <= steps; step += 1) result = (result * BigInt(from - step + 1)) / BigInt(step)
  return ofRational({ top: result, bottom: 1n })
}
