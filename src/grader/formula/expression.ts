/**
 * @file Arithmetic over named values as a tree. Reading it is parse-expression.ts, computing it evaluate-expression.ts.
 */

/** The operators, all of two operands. */
export type Operator = '+' | '-' | '*' | '/' | '^'

/** The functions. `min` and `max` take one value or more, the others exactly one; `log` is natural. */
export type FunctionName = 'min' | 'max' | 'abs' | 'floor' | 'ceil' | 'exp' | 'sqrt' | 'log'

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly operands: readonly Expression[] }

/** Names that a value may have. */
export const NAME: RegExp = /^[A-Za-z_]\w{0,199}$/

/** The values that an expression names, each with its index, from left to right. */
export function namesIn(expression: Expression): readonly { readonly name: string; readonly at: number }[] {
  switch (expression.kind) {
    case 'number':
      return []
    case 'name':
      return [expression]
    case 'negative':
      return namesIn(expression.operand)
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)]
    case 'call':
      return expression.operands.flatMap(namesIn)
  }
}
