/**
 * @file What an answer says: expressions worked out, members of lists and sets worked out one by one.
 */
import type { Expression } from './expression.ts'

/** An amount in the first unit of its dimension. */
export interface BaseAmount {
  readonly dimension: string
  readonly amount: Expression
}

/** An amount with a unit. */
export interface Quantity {
  readonly kind: 'quantity'
  readonly amount: Expression
  readonly unit: string
  /** The amount in the first unit of a declared dimension; null where the unit is of none. */
  readonly base: BaseAmount | null
  /** The product that the same letters are where no unit is meant: 5 m. Null for units of longer names. */
  readonly symbolic: Expression | null
}

/** A whole answer, or a member of one. */
export type AnswerValue =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | Quantity
  | { readonly kind: 'sequence'; readonly open: string; readonly close: string; readonly items: readonly AnswerValue[] }
  | { readonly kind: 'set' | 'union'; readonly items: readonly AnswerValue[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly AnswerValue[])[] }
  /** "x = 5", or "x ∈ (1, 2)". */
  | { readonly kind: 'assignment'; readonly name: string; readonly operator: '=' | '∈'; readonly value: AnswerValue }
  | { readonly kind: 'relation'; readonly operators: readonly string[]; readonly items: readonly AnswerValue[] }
