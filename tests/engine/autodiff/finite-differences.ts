/** @file Gradients of a small graph by its own rules and by differences of its results, both computed by the runtime. */
import { gradients } from '../../../src/engine/autodiff/gradients.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import type { Value } from '../../../src/engine/graph/value.ts'
import { serializeGraph } from '../../../src/engine/graph/serialize.ts'
import { type PlainTensor, type Session, openSession } from '../../../src/engine/session.ts'

/** One way to use an operator: the shapes of what it is differentiated by, and the graph. */
export interface RuleCase {
  readonly op: string
  readonly use?: string
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** Inputs stay above this, for operators that are not defined everywhere. */
  readonly above?: number
  build(values: Readonly<Record<string, Value>>, graph: Graph): Value
}

export interface Comparison {
  readonly input: string
  readonly byRule: readonly number[]
  readonly byDifference: readonly number[]
}

const STEP = 1 / 32

/** Numbers between -1 and 1 that look random and never change. */
export function numbers(count: number, salt: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (salt + 1)))
}

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1)
const tensor = (dims: readonly number[], data: Float32Array): PlainTensor => ({ type: 'float32', dims, data })

/** The derivative of Σ cotangent · result by every element of every input, by the rules and by five-point differences. */
export async function compareGradients(rule: RuleCase): Promise<readonly Comparison[]> {
  const graph = new Graph()
  const values = Object.fromEntries(Object.entries(rule.inputs).map(([name, shape]) => [name, graph.input(name, 'float32', shape)]))
  const result = rule.build(values, graph)
  if (!graph.nodes.some((node) => node.op === rule.op)) throw new Error(`the case of ${rule.op} does not use it`)
  const cotangent = graph.input('cotangent', 'float32', result.shape)
  const found = gradients([{ value: result, gradient: cotangent }], Object.values(values))
  graph.output('result', result)
  for (const [name, value] of Object.entries(values)) graph.output(`gradient ${name}`, found.get(value) as Value)
  const session = await openSession({ model: serializeGraph(graph), threads: 1 })
  try {
    return await compare(session, rule, result.shape as readonly number[])
  } finally {
    await session.release()
  }
}

async function compare(session: Session, { inputs, above }: RuleCase, resultShape: readonly number[]): Promise<readonly Comparison[]> {
  const start = Object.entries(inputs).map(([name, shape], i) => {
    const data = numbers(size(shape), i)
    return [name, tensor(shape, above === undefined ? data : data.map((value) => above + 0.2 + Math.abs(value)))] as const
  })
  const weights = numbers(size(resultShape), 99)
  const feeds = { ...Object.fromEntries(start), cotangent: tensor(resultShape, weights) }
  const loss = async (name: string, data: Float32Array): Promise<number> => {
    const { result } = await session.run({ ...feeds, [name]: tensor(inputs[name] as readonly number[], data) }, ['result'])
    return weights.reduce((sum, weight, i) => sum + weight * (result?.data[i] as number), 0)
  }
  const byRule = await session.run(feeds)
  const comparisons: Comparison[] = []
  for (const [name, { data }] of start) {
    const byDifference: number[] = []
    for (let i = 0; i < data.length; i++)
      byDifference.push(await difference((offset) => loss(name, moved(data as Float32Array, i, offset))))
    comparisons.push({ input: name, byRule: Array.from(byRule[`gradient ${name}`]?.data ?? [], Number), byDifference })
  }
  return comparisons
}

function moved(data: Float32Array, index: number, offset: number): Float32Array {
  const copy = data.slice()
  copy[index] = (copy[index] as number) + offset
  return copy
}

async function difference(f: (offset: number) => Promise<number>): Promise<number> {
  const near = (await f(STEP)) - (await f(-STEP))
  const far = (await f(2 * STEP)) - (await f(-2 * STEP))
  return (8 * near - far) / (12 * STEP)
}

/** The largest difference as a share of the largest derivative. */
export function largestError({ byRule, byDifference }: Comparison): number {
  const scale = byDifference.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return byDifference.reduce((most, value, i) => Math.max(most, Math.abs(value - (byRule[i] ?? NaN))), 0) / scale
}
