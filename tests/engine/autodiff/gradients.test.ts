import { describe, expect, it } from 'vitest'
import { GRADIENT_RULES, gradients } from '../../../src/engine/autodiff/gradients.ts'
import { add, mul } from '../../../src/engine/graph/elementwise.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import type { Value } from '../../../src/engine/graph/value.ts'
import { gather, topK } from '../../../src/engine/graph/indexing.ts'
import { concat } from '../../../src/engine/graph/movement.ts'
import { reduceMean } from '../../../src/engine/graph/reduction.ts'
import { compareGradients, largestError } from './finite-differences.ts'
import { RULE_CASES } from './rule-cases.ts'

const TOLERANCE = 3e-4

describe('GRADIENT_RULES', () => {
  it('have a case for every operator, and no case is for an operator without a rule', () => {
    expect([...new Set(RULE_CASES.map(({ op }) => op))].toSorted()).toEqual(Object.keys(GRADIENT_RULES).toSorted())
  })

  it.each(RULE_CASES.map((rule) => [`${rule.op}${rule.use ? ` (${rule.use})` : ''}`, rule] as const))(
    'agree with finite differences: %s',
    async (_, rule) => {
      for (const comparison of await compareGradients(rule)) {
        expect(comparison.byRule.length).toBe(comparison.byDifference.length)
        expect(largestError(comparison), comparison.input).toBeLessThan(TOLERANCE)
      }
    },
  )
})

describe('largestError()', () => {
  it('notices one derivative that is wrong by a thousandth, and one that is missing', () => {
    const byDifference = [0.5, -2, 1]
    expect(largestError({ input: 'a', byRule: [0.5, -2, 1], byDifference })).toBe(0)
    expect(largestError({ input: 'a', byRule: [0.5, -2.002, 1], byDifference })).toBeGreaterThan(TOLERANCE)
    expect(largestError({ input: 'a', byRule: [0.5, -2], byDifference })).toBeNaN()
  })
})

function graphWithInput(shape: readonly (number | string)[]): { graph: Graph; x: Value } {
  const graph = new Graph()
  return { graph, x: graph.input('x', 'float32', shape) }
}

describe('gradients()', () => {
  it('leaves out a target that no seed depends on and gives an empty map without seeds', () => {
    const { graph, x } = graphWithInput([2])
    const other = graph.input('other', 'float32', [2])
    const y = mul(x, 3)
    expect([...gradients([{ value: y, gradient: graph.constant([1, 1]) }], [x, other]).keys()]).toEqual([x])
    expect(gradients([], [x]).size).toBe(0)
  })

  it('adds no nodes for values that no target needs', () => {
    const { graph, x } = graphWithInput([2])
    const unrelated = mul(graph.input('other', 'float32', [2]), 2)
    const y = add(x, unrelated)
    const before = graph.nodes.length
    gradients([{ value: y, gradient: graph.constant([1, 1]) }], [x])
    expect(graph.nodes.length).toBe(before)
  })

  it('refuses an operator without a rule, a gradient of another shape, and uses of an operator that its rule does not know', () => {
    const seed = (value: Value, shape: readonly (number | string)[] = value.shape) => ({
      value,
      gradient: (value.graph as Graph).input('gradient', value.type, shape),
    })
    const picked = graphWithInput([2, 3])
    expect(() => gradients([seed(topK(picked.x, 1).values)], [picked.x])).toThrow('operator TopK has no gradient rule')
    const shaped = graphWithInput([2, 3])
    expect(() => gradients([seed(mul(shaped.x, 2), [3])], [shaped.x])).toThrow('is [3], not [2, 3]')
    const columns = graphWithInput([2, 3])
    expect(() => gradients([seed(gather(columns.x, columns.graph.constant([0], 'int64'), 1))], [columns.x])).toThrow('only Gather of rows')
    const joined = graphWithInput(['N', 3])
    expect(() => gradients([seed(concat([joined.x, joined.x], 0))], [joined.x])).toThrow('Concat along N has no gradient rule')
    const mean = graphWithInput(['N', 3])
    expect(() => gradients([seed(reduceMean(mean.x, { axes: [0] }))], [mean.x])).toThrow('the mean over N has no gradient rule')
  })
})
