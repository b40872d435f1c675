/**
 * @file What a parsed answer looks like before anything is worked out: how it was written is still visible.
 */
import type { Rational } from '../exact/rational.ts'

/** An arithmetic expression. */
export type ExpressionNode =
  | { readonly type: 'number'; readonly value: Rational }
  | { readonly type: 'mixed'; readonly whole: Rational; readonly part: ExpressionNode }
  | { readonly type: 'symbol'; readonly name: string }
  /** `sign` is 1, -1, or the sign that ± and ∓ have in this reading. */
  | { readonly type: 'signed'; readonly sign: '-' | '±' | '∓'; readonly of: ExpressionNode }
  | { readonly type: 'sum'; readonly items: readonly ExpressionNode[] }
  | { readonly type: 'product'; readonly items: readonly ExpressionNode[] }
  | { readonly type: 'quotient'; readonly over: ExpressionNode; readonly under: ExpressionNode }
  | { readonly type: 'power'; readonly base: ExpressionNode; readonly exponent: ExpressionNode }
  | { readonly type: 'root'; readonly degree: number; readonly of: ExpressionNode }
  | { readonly type: 'call'; readonly name: string; readonly items: readonly ExpressionNode[] }
  | { readonly type: 'factorial'; readonly of: ExpressionNode }
  | { readonly type: 'binomial'; readonly from: ExpressionNode; readonly choose: ExpressionNode }

/** A whole answer, or a member of one. */
export type AnswerNode =
  | ExpressionNode
  /** `symbolic` is the whole as a product, where the unit is made of single letters: 5 m is written like 5 times m. */
  | { readonly type: 'quantity'; readonly amount: ExpressionNode; readonly unit: string; readonly symbolic: ExpressionNode | null }
  /** Members in their order: "1, 2" has no brackets, "(1, 2)" and "[1, 2)" have. */
  | { readonly type: 'sequence'; readonly open: string; readonly close: string; readonly items: readonly AnswerNode[] }
  /** Members in any order: a set in braces, alternatives joined by "or", parts joined by ∪. */
  | { readonly type: 'collection'; readonly kind: 'set' | 'union'; readonly items: readonly AnswerNode[] }
  | { readonly type: 'matrix'; readonly rows: readonly (readonly AnswerNode[])[] }
  | { readonly type: 'relation'; readonly operators: readonly string[]; readonly items: readonly AnswerNode[] }

const STRUCTURES = new Set(['quantity', 'sequence', 'collection', 'matrix', 'relation'])

export function isExpressionNode(node: AnswerNode): node is ExpressionNode {
  return !STRUCTURES.has(node.type)
}
