/**
 * @file Drops what no output of a graph needs: the runtime would compute it all the same. It knows no operator.
 */
import type { Graph, Value } from './graph.ts'

/** Removes nodes and constants that no output depends on. Inputs stay declared, so that feeding them stays allowed. */
export function dropUnused(graph: Graph): void {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value))
  const nodes = graph.nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((value) => needed.has(value))) return false
    for (const value of inputs) if (value !== null) needed.add(value)
    return true
  })
  graph.nodes.splice(0, graph.nodes.length, ...nodes.toReversed())
  const constants = graph.constants.filter(({ value }) => needed.has(value))
  graph.constants.splice(0, graph.constants.length, ...constants)
}
