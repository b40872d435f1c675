import { describe, expect, it } from 'vitest'
import { gradients } from '../../../src/engine/autodiff/gradients.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import type { Value } from '../../../src/engine/graph/value.ts'
import { oneHot } from '../../../src/engine/graph/indexing.ts'
import { lowerGraph } from '../../../src/engine/graph/lower-graph.ts'
import { LOWERING_RULES, type LoweredOperator } from '../../../src/engine/graph/lowering-rules.ts'
import { serializeGraph } from '../../../src/engine/graph/serialize.ts'
import { type PlainTensors, openSession } from '../../../src/engine/session.ts'
import { type RuleCase, numbers } from '../autodiff/finite-differences.ts'
import { RULE_CASES } from '../autodiff/rule-cases.ts'

const ALL = new Set(Object.keys(LOWERING_RULES) as LoweredOperator[])
const CASES = RULE_CASES.filter(({ op }) => ALL.has(op as LoweredOperator)).map((one) => [`${one.op} ${one.use ?? ''}`, one] as const)

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1)

/** The operator and its gradients, and what to feed. */
function graphOf({ inputs, build }: RuleCase): { readonly graph: Graph; readonly feeds: PlainTensors } {
  const graph = new Graph()
  const values = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, graph.input(name, 'float32', shape)]))
  const result = build(values, graph)
  const cotangent = graph.input('cotangent', 'float32', result.shape)
  graph.output('result', result)
  const found = gradients([{ value: result, gradient: cotangent }], Object.values(values))
  for (const [name, value] of Object.entries(values)) graph.output(`gradient ${name}`, found.get(value) as Value)
  const shapes = { ...inputs, cotangent: result.shape as readonly number[] }
  const feeds = Object.entries(shapes).map(([name, dims], i) => [name, { type: 'float32', dims, data: numbers(size(dims), i) }] as const)
  return { graph, feeds: Object.fromEntries(feeds) }
}

async function run(graph: Graph, feeds: PlainTensors): Promise<PlainTensors> {
  const session = await openSession({ model: serializeGraph(graph), threads: 1 })
  const results = await session.run(feeds)
  await session.release()
  return results
}

describe('lowerGraph()', () => {
  it('gives a graph itself where nothing is to be replaced', () => {
    const { graph } = graphOf(CASES[0]?.[1] as RuleCase)
    expect(lowerGraph(graph, new Set())).toBe(graph)
  })

  it.each(CASES)('gives the results and gradients of %s', async (_, one) => {
    const { graph, feeds } = graphOf(one)
    const lowered = lowerGraph(graph, ALL)
    const [expected, found] = [await run(graph, feeds), await run(lowered, feeds)]
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, { dims, data }] of Object.entries(expected)) {
      expect(found[name]?.dims).toEqual(dims)
      data.forEach((value, i) => expect(Number(found[name]?.data[i])).toBeCloseTo(Number(value), 5))
    }
    const left = lowered.nodes.map((node) => node.op).filter((op) => ALL.has(op as LoweredOperator))
    // The norm itself stays: only its second result is computed in another way.
    expect(left.filter((op) => op !== 'SimplifiedLayerNormalization')).toEqual([])
    for (const norm of lowered.nodes.filter((node) => node.op === 'SimplifiedLayerNormalization'))
      expect(lowered.nodes.some((node) => node.inputs.includes(norm.outputs[1] as Value))).toBe(false)
  })

  it('gives one-hot rows', async () => {
    const graph = new Graph()
    graph.output('rows', oneHot(graph.input('indices', 'int32', ['M']), 4))
    const { rows } = await run(lowerGraph(graph, ALL), { indices: { type: 'int32', dims: [3], data: Int32Array.of(2, 0, 3) } })
    expect(rows?.dims).toEqual([3, 4])
    expect([...((rows?.data as Float32Array) ?? [])]).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
  })
})
