/**
 * @file What an answer says: expressions worked out, members of lists and sets worked out one by one.
 */
import type { Expression } from './expression.ts'

/** An amount in the first unit of its dimension. */
export interface BaseAmount {
  readonly dimension: string
  readonly amount: Expression
}

/** A whole answer, or a member of one. */
export type AnswerValue =
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** `base` is the amount in the first unit of a declared dimension; null where the unit is of none. */
  | { readonly kind: 'quantity'; readonly amount: Expression; readonly unit: string; readonly base: BaseAmount | null }
  | { readonly kind: 'sequence'; readonly open: string; readonly close: string; readonly items: readonly AnswerValue[] }
  | { readonly kind: 'set' | 'union'; readonly items: readonly AnswerValue[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly AnswerValue[])[] }
  /** "x = 5", or "x ∈ (1, 2)". */
  | { readonly kind: 'assignment'; readonly name: string; readonly value: AnswerValue }
  | { readonly kind: 'relation'; readonly operators: readonly string[]; readonly items: readonly AnswerValue[] }
