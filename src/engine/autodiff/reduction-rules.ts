/**
 * @file Gradients of sums, means and softmax.
 */
import { InternalError } from '../../base/errors.ts'
import { exp, mul, sub } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { expandLike, reshape } from '../graph/movement.ts'
import { reduceSum } from '../graph/reduction.ts'
import { type BackwardStep, type GradientRules, gradient, input, output, wanted } from './rule.ts'

export const REDUCTION_RULES: GradientRules = {
  ReduceSum: (step) => [wanted(step, 0, () => expandLike(kept(step), input(step, 0))), undefined],
  ReduceMean: (step) => [wanted(step, 0, () => expandLike(mul(kept(step), 1 / reducedCount(step)), input(step, 0))), undefined],
  Softmax: (step) => [
    wanted(step, 0, () => {
      const weighted = mul(gradient(step), output(step))
      return sub(weighted, mul(output(step), reduceSum(weighted, { axes: [softmaxAxis(step)] })))
    }),
  ],
  LogSoftmax: (step) => [
    wanted(step, 0, () => sub(gradient(step), mul(exp(output(step)), reduceSum(gradient(step), { axes: [softmaxAxis(step)] })))),
  ],
}

function softmaxAxis(step: BackwardStep): number {
  return step.node.attributes['axis'] as number
}

function reducedAxes(step: BackwardStep): number[] {
  const rank = input(step, 0).shape.length
  return (input(step, 1).contents ?? []).map((axis) => (Number(axis) + rank) % rank)
}

/** The gradient with the reduced axes put back as length 1. */
function kept(step: BackwardStep): Value {
  const axes = reducedAxes(step)
  return reshape(
    gradient(step),
    input(step, 0).shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
  )
}

function reducedCount(step: BackwardStep): number {
  return reducedAxes(step).reduce((count, axis) => {
    const dim = input(step, 0).shape[axis]
    if (typeof dim !== 'number') throw new InternalError(`the mean over ${dim} has no gradient rule`, 'autodiff')
    return count * dim
  }, 1)
}
