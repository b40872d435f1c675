/**
 * @file Gradients of the operators that only rearrange or pick elements.
 */
import { InternalError } from '../../base/errors.ts'
import type { Value } from '../graph/value.ts'
import { scatterAdd } from '../graph/indexing.ts'
import { concat, expandLike, reshape, split, transpose } from '../graph/movement.ts'
import type { Dim } from '../graph/shape.ts'
import { type BackwardStep, type GradientRules, gradient, input, unbroadcast, wanted } from './rule.ts'

export const MOVEMENT_RULES: GradientRules = {
  Reshape: (step) => [wanted(step, 0, () => reshape(gradient(step), input(step, 0).shape)), undefined],
  Transpose: (step) => [wanted(step, 0, () => transpose(gradient(step), inverse(step.node.attributes['perm'] as readonly number[])))],
  Expand: (step) => [wanted(step, 0, () => unbroadcast(gradient(step), input(step, 0))), undefined],
  Concat: concatRule,
  Split: splitRule,
  Gather: gatherRule,
  GatherElements: (step) => [
    wanted(step, 0, () => {
      const axis = step.node.attributes['axis'] as number
      return scatterAdd(zerosLike(input(step, 0)), { indices: input(step, 1), updates: gradient(step), axis })
    }),
    undefined,
  ],
}

function inverse(perm: readonly number[]): number[] {
  return perm.map((_, axis) => perm.indexOf(axis))
}

function concatRule(step: BackwardStep): readonly (Value | undefined)[] {
  const axis = step.node.attributes['axis'] as number
  const lengths = step.node.inputs.map((_, i) => {
    const dim = input(step, i).shape.at(axis)
    if (typeof dim !== 'number') throw new InternalError(`Concat along ${dim} has no gradient rule`, 'autodiff')
    return dim
  })
  const parts = split(gradient(step), lengths, axis)
  return parts.map((part, i) => wanted(step, i, () => part))
}

function splitRule(step: BackwardStep): readonly (Value | undefined)[] {
  const parts = step.node.outputs.map((part, i) => step.gradients[i] ?? zerosLike(part))
  return [wanted(step, 0, () => concat(parts, step.node.attributes['axis'] as number)), undefined]
}

/** Rows that were picked several times add up, one after another: the same bits in every run. */
function gatherRule(step: BackwardStep): readonly (Value | undefined)[] {
  const [table, indices] = [input(step, 0), input(step, 1)]
  if (step.node.attributes['axis'] !== 0 || indices.shape.length !== 1)
    throw new InternalError('only Gather of rows has a gradient rule', 'autodiff')
  const column = [indices.shape[0] as Dim, ...table.shape.slice(1).map(() => 1)]
  return [
    wanted(step, 0, () => {
      const spread = expandLike(reshape(indices, column), gradient(step))
      return scatterAdd(zerosLike(table), { indices: spread, updates: gradient(step), axis: 0 })
    }),
    undefined,
  ]
}

function zerosLike(value: Value): Value {
  return expandLike(value.graph.constant(0), value)
}
