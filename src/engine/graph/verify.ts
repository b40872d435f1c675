/**
 * @file Checks a whole graph against the operators' specifications before it is run: every value is defined before it is used,
 * by exactly one node, with the type and shape that the specification infers. It trusts nothing that was checked while building.
 */
import { InternalError } from '../../base/errors.ts'
import type { Graph } from './graph.ts'
import type { GraphNode, Value } from './value.ts'
import { inferCall } from './op-table.ts'
import { formatShape, sameShape } from './shape.ts'

/** Throws an InternalError that names the first violation. */
export function verifyGraph(graph: Graph): void {
  const defined = new Set<Value>()
  const define = (value: Value): void => {
    if (defined.has(value)) throw new InternalError(`${value.name} is defined twice`, 'verifyGraph')
    defined.add(value)
  }
  graph.inputs.forEach(define)
  graph.constants.forEach((constant) => define(constant.value))
  for (const node of graph.nodes) {
    const early = node.inputs.find((value) => value !== null && !defined.has(value))
    if (early) throw new InternalError(`${node.op} uses ${early.name} before it is defined`, 'verifyGraph')
    verifyNode(node)
    node.outputs.forEach(define)
  }
  if (graph.outputs.length === 0) throw new InternalError('the graph has no outputs', 'verifyGraph')
  for (const { name, value } of graph.outputs) {
    if (!defined.has(value)) throw new InternalError(`output ${name} is not defined`, 'verifyGraph')
  }
}

function verifyNode(node: GraphNode): void {
  const inferred = inferCall(node)
  if (inferred.length !== node.outputs.length) throw new InternalError(`${node.op} gives ${inferred.length} results`, 'verifyGraph')
  inferred.forEach((one, i) => {
    const stated = node.outputs[i] as Value
    if (one.type !== stated.type || !sameShape(one.shape, stated.shape)) {
      const found = `${one.type}${formatShape(one.shape)}`
      throw new InternalError(`${stated.name} is ${found}, not ${stated.type}${formatShape(stated.shape)}`, 'verifyGraph')
    }
  })
}

/** The nodes that some output needs, in order. */
export function neededNodes(graph: Graph): readonly GraphNode[] {
  const needed = new Set<Value>(graph.outputs.map((output) => output.value))
  const kept = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((value) => needed.has(value))) return false
    for (const value of node.inputs) if (value) needed.add(value)
    return true
  })
  return kept.toReversed()
}
