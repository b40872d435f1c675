import { describe, expect, it } from 'vitest'
import { add, exp, mul } from '../../../src/engine/graph/elementwise.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import type { GraphNode, Value } from '../../../src/engine/graph/value.ts'
import { neededNodes, verifyGraph } from '../../../src/engine/graph/verify.ts'

function sound(): { graph: Graph; x: Value; y: Value } {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['B', 2])
  const y = exp(mul(x, 2))
  graph.output('y', y)
  return { graph, x, y }
}

const last = (graph: Graph): GraphNode => graph.nodes.at(-1) as GraphNode
const replaceLast = (graph: Graph, change: Partial<GraphNode>): void => {
  graph.nodes[graph.nodes.length - 1] = { ...last(graph), ...change }
}

describe('verifyGraph()', () => {
  it('accepts what the builder made', () => {
    expect(() => verifyGraph(sound().graph)).not.toThrow()
  })

  it.each([
    [
      'a value that is used before it is defined',
      ({ graph }) => graph.nodes.splice(0, 2, last(graph), graph.nodes[0] as GraphNode),
      'Exp uses Mul_0 before it is defined',
    ],
    ['a value that two nodes define', ({ graph }) => graph.nodes.push(last(graph)), 'Exp_1 is defined twice'],
    [
      'a shape that the operator does not give',
      ({ graph, y }) => replaceLast(graph, { outputs: [{ ...y, shape: [2, 'B'] }] }),
      'Exp_1 is float32[B, 2], not float32[2, B]',
    ],
    [
      'a type that the operator does not give',
      ({ graph, y }) => replaceLast(graph, { outputs: [{ ...y, type: 'int64' }] }),
      'Exp_1 is float32[B, 2], not int64[B, 2]',
    ],
    ['an operator outside the specification', ({ graph }) => replaceLast(graph, { op: 'Tan' }), 'operator Tan has no specification'],
    ['too many inputs', ({ graph, x }) => replaceLast(graph, { inputs: [x, x] }), '2 inputs, not 1 to 1'],
    ['a missing input', ({ graph }) => replaceLast(graph, { inputs: [null] }), 'input 0 is missing'],
    [
      'an attribute that the operator does not have',
      ({ graph }) => replaceLast(graph, { attributes: { axis: 1 } }),
      'attribute axis is unknown',
    ],
    ['too many results', ({ graph, x, y }) => replaceLast(graph, { outputs: [y, { ...x, name: 'more' }] }), 'Exp gives 1 results'],
    ['an output that nothing defines', ({ graph, x }) => graph.output('z', { ...x, name: 'z' }), 'output z is not defined'],
    ['no outputs', ({ graph }) => graph.outputs.pop(), 'the graph has no outputs'],
  ] satisfies [string, (parts: ReturnType<typeof sound>) => unknown, string][])('finds %s', (_, plant, message) => {
    const parts = sound()
    plant(parts)
    expect(() => verifyGraph(parts.graph)).toThrow(message)
  })
})

describe('neededNodes()', () => {
  it('leaves out what no output needs and keeps the order of the rest', () => {
    const { graph, x } = sound()
    add(exp(x), 1)
    expect(neededNodes(graph).map(({ op }) => op)).toEqual(['Mul', 'Exp'])
  })
})
