/**
 * @file The form of a gradient rule: from the gradients of a node's results to the gradients of its inputs, as more nodes of the same graph.
 */
import type { GraphNode, Value } from '../graph/value.ts'
import { InternalError } from '../../base/errors.ts'
import { reshape } from '../graph/movement.ts'
import { reduceSum } from '../graph/reduction.ts'
import { sameShape } from '../graph/shape.ts'

/** One node on the way back. */
export interface BackwardStep {
  readonly node: GraphNode
  /** The gradient of each result; undefined where nothing depends on it. */
  readonly gradients: readonly (Value | undefined)[]
  /** Whether the gradient of input `index` is wanted at all. */
  wants(index: number): boolean
}

/** Gives the gradient of each input, undefined where it is not wanted or has none (indices, shapes). */
export type GradientRule = (step: BackwardStep) => readonly (Value | undefined)[]

export type GradientRules = Readonly<Record<string, GradientRule>>

/** Input `index` of the node, which must be there. */
export function input(step: BackwardStep, index: number): Value {
  const value = step.node.inputs[index]
  if (!value) throw new InternalError(`input ${index} is missing`, step.node.op)
  return value
}

/** Result `index` of the node. */
export function output(step: BackwardStep, index = 0): Value {
  return step.node.outputs[index] as Value
}

/** The gradient of the node's only differentiable result. */
export function gradient(step: BackwardStep): Value {
  const value = step.gradients[0]
  if (!value || step.gradients.some((other, i) => i > 0 && other)) {
    throw new InternalError(`only the first result of ${step.node.op} has a gradient`, 'autodiff')
  }
  return value
}

/** `create()` where the gradient of that input is wanted. */
export function wanted(step: BackwardStep, index: number, create: () => Value): Value | undefined {
  return step.wants(index) ? create() : undefined
}

/** Sums a gradient over the axes along which its value was broadcast. */
export function unbroadcast(gradient: Value, like: Value): Value {
  if (sameShape(gradient.shape, like.shape)) return gradient
  const extra = gradient.shape.length - like.shape.length
  const axes = gradient.shape.flatMap((dim, axis) => (axis < extra || (like.shape[axis - extra] === 1 && dim !== 1) ? [axis] : []))
  return reshape(axes.length === 0 ? gradient : reduceSum(gradient, { axes }), like.shape)
}
