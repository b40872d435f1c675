/**
 * @file Reverse-mode differentiation: adds to a graph the nodes that compute the gradient of what it already computes.
 * One rule per operator, in a table; it knows no model and no loss. Source: Griewank and Walther, Evaluating Derivatives, ch. 3.
 */
import { InternalError } from '../../base/errors.ts'
import { add } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { GraphNode, Value } from '../graph/value.ts'
import { formatShape, sameShape } from '../graph/shape.ts'
import { ELEMENTWISE_RULES } from './elementwise-rules.ts'
import { MATRIX_RULES } from './matrix-rules.ts'
import { MOVEMENT_RULES } from './movement-rules.ts'
import { NORMALIZATION_RULES } from './normalization-rules.ts'
import { REDUCTION_RULES } from './reduction-rules.ts'
import type { GradientRules } from './rule.ts'

/** Every operator that can be differentiated. */
export const GRADIENT_RULES: GradientRules = {
  ...ELEMENTWISE_RULES,
  ...REDUCTION_RULES,
  ...MATRIX_RULES,
  ...MOVEMENT_RULES,
  ...NORMALIZATION_RULES,
}

/** Where the way back begins: a value and the gradient that it has. */
export interface GradientSeed {
  readonly value: Value
  readonly gradient: Value
}

/** The gradient of each target with its own shape. A target on which no seed depends is left out. */
export function gradients(seeds: readonly GradientSeed[], targets: readonly Value[]): ReadonlyMap<Value, Value> {
  const graph = seeds[0]?.value.graph
  if (!graph) return new Map()
  const nodes = [...graph.nodes]
  const dependent = dependents(nodes, targets)
  const found = new Map<Value, Value>()
  const collect = (value: Value, gradient: Value): void => {
    if (!sameShape(value.shape, gradient.shape)) {
      throw new InternalError(
        `the gradient of ${value.name} is ${formatShape(gradient.shape)}, not ${formatShape(value.shape)}`,
        'gradients',
      )
    }
    const known = found.get(value)
    found.set(value, known ? add(known, gradient) : gradient)
  }
  for (const seed of seeds) collect(seed.value, seed.gradient)
  for (const node of nodes.toReversed()) stepBack(node, { found, dependent, collect })
  return new Map(targets.flatMap((target) => (found.has(target) ? [[target, found.get(target) as Value] as const] : [])))
}

interface WayBack {
  readonly found: ReadonlyMap<Value, Value>
  readonly dependent: ReadonlySet<Value>
  collect(value: Value, gradient: Value): void
}

function stepBack(node: GraphNode, { found, dependent, collect }: WayBack): void {
  const wants = (index: number): boolean => {
    const value = node.inputs[index]
    return value !== null && value !== undefined && dependent.has(value)
  }
  const known = node.outputs.map((value) => found.get(value))
  if (known.every((gradient) => gradient === undefined) || !node.inputs.some((_, i) => wants(i))) return
  const rule = GRADIENT_RULES[node.op]
  if (!rule) throw new InternalError(`operator ${node.op} has no gradient rule`, 'gradients')
  rule({ node, gradients: known, wants }).forEach((gradient, i) => {
    if (gradient) collect(node.inputs[i] as Value, gradient)
  })
}

/** All values that depend on some target, the targets included. */
function dependents(nodes: Graph['nodes'], targets: readonly Value[]): ReadonlySet<Value> {
  const dependent = new Set<Value>(targets)
  for (const node of nodes) {
    if (node.inputs.some((value) => value !== null && dependent.has(value))) node.outputs.forEach((value) => dependent.add(value))
  }
  return dependent
}
