/**
 * @file The same graph in other operators, for a runtime that lacks some or gets them wrong. It runs on finished graphs, gradients included, so that
 * neither models nor gradient rules know of it. Which operators to replace is the caller's knowledge.
 */
import { Graph } from './graph.ts'
import type { GraphNode, Value } from './value.ts'
import { LOWERING_RULES, type LoweredOperator } from './lowering-rules.ts'
import { neededNodes } from './verify.ts'

/** A copy without `operators`, which gives what `graph` gives up to rounding; `graph` itself where there is nothing to replace. */
export function lowerGraph(graph: Graph, operators: ReadonlySet<LoweredOperator>): Graph {
  if (operators.size === 0) return graph
  const copy = new Graph()
  const copies = new Map<Value, Value>()
  for (const value of graph.inputs) copies.set(value, copy.input(value.name, value.type, value.shape))
  for (const constant of graph.constants) copies.set(constant.value, copy.adopt(constant))
  for (const node of neededNodes(graph)) {
    const inputs = node.inputs.map((value) => (value === null ? null : (copies.get(value) as Value)))
    const results = isLowered(node, operators)
      ? LOWERING_RULES[node.op](inputs as readonly Value[], node.attributes)
      : copy.add(node.op, inputs, node.attributes)
    node.outputs.forEach((value, i) => copies.set(value, results[i] as Value))
  }
  for (const { name, value } of graph.outputs) copy.output(name, copies.get(value) as Value)
  return copy
}

function isLowered(node: GraphNode, operators: ReadonlySet<LoweredOperator>): node is GraphNode & { readonly op: LoweredOperator } {
  return operators.has(node.op as LoweredOperator)
}
