/**
 * @file Gradients of the operators that act on each element alone.
 */
import { add, cast, div, mul, neg, sigmoid, sub, where } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { type BackwardStep, type GradientRule, type GradientRules, gradient, input, output, unbroadcast, wanted } from './rule.ts'

const unary =
  (derive: (dy: Value, step: BackwardStep) => Value): GradientRule =>
  (step) => [wanted(step, 0, () => derive(gradient(step), step))]

const binary =
  (left: (dy: Value, step: BackwardStep) => Value, right: (dy: Value, step: BackwardStep) => Value): GradientRule =>
  (step) => [
    wanted(step, 0, () => unbroadcast(left(gradient(step), step), input(step, 0))),
    wanted(step, 1, () => unbroadcast(right(gradient(step), step), input(step, 1))),
  ]

const keep = (dy: Value): Value => dy

export const ELEMENTWISE_RULES: GradientRules = {
  Add: binary(keep, keep),
  Sub: binary(keep, neg),
  Mul: binary(
    (dy, step) => mul(dy, input(step, 1)),
    (dy, step) => mul(dy, input(step, 0)),
  ),
  Div: binary(
    (dy, step) => div(dy, input(step, 1)),
    (dy, step) => neg(mul(dy, div(output(step), input(step, 1)))),
  ),
  Neg: unary(neg),
  Exp: unary((dy, step) => mul(dy, output(step))),
  Log: unary((dy, step) => div(dy, input(step, 0))),
  Sqrt: unary((dy, step) => div(mul(dy, 0.5), output(step))),
  Reciprocal: unary((dy, step) => neg(mul(dy, mul(output(step), output(step))))),
  Sigmoid: unary((dy, step) => mul(dy, mul(output(step), sub(1, output(step))))),
  QuickGelu: unary((dy, step) => siluGradient(dy, step)),
  Cast: unary((dy, step) => cast(dy, input(step, 0).type)),
  Where: (step) => [
    undefined,
    wanted(step, 1, () => unbroadcast(where(input(step, 0), gradient(step), 0), input(step, 1))),
    wanted(step, 2, () => unbroadcast(where(input(step, 0), 0, gradient(step)), input(step, 2))),
  ],
}

/** y = x s with s = sigmoid(x): dy/dx = s + y (1 - s). */
function siluGradient(dy: Value, step: BackwardStep): Value {
  const curve = sigmoid(input(step, 0))
  return mul(dy, add(curve, mul(output(step), sub(1, curve))))
}
