import { describe, expect, it } from 'vitest'
import { add, less, mul, where } from '../../../src/engine/graph/elementwise.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import { gather, gatherElements, oneHot, scatterAdd, topK } from '../../../src/engine/graph/indexing.ts'
import { fusedMatmul, gemm, matmul } from '../../../src/engine/graph/matrix.ts'
import { concat, expandLike, reshape, slice, split, transpose } from '../../../src/engine/graph/movement.ts'
import { rmsNorm, rotaryEmbedding } from '../../../src/engine/graph/normalization.ts'
import { inferCall } from '../../../src/engine/graph/op-table.ts'
import { reduceSum, softmax } from '../../../src/engine/graph/reduction.ts'
import type { Shape } from '../../../src/engine/graph/shape.ts'

const build = () => {
  const graph = new Graph()
  let count = 0
  return {
    graph,
    f: (...shape: Shape) => graph.input(`x${count++}`, 'float32', shape),
    i: (...shape: Shape) => graph.input(`i${count++}`, 'int64', shape),
  }
}

describe('Graph', () => {
  it('infers the shapes of results, names of lengths included', () => {
    const { graph, f, i } = build()
    expect(add(f('B', 1, 4), f(3, 4)).shape).toEqual(['B', 3, 4])
    expect(less(f('B'), f('B'))).toMatchObject({ type: 'bool', shape: ['B'] })
    expect(matmul(f('B', 2, 3), f(3, 4)).shape).toEqual(['B', 2, 4])
    expect(gemm(f('K', 2), f(5, 'K'), { transA: true, transB: true }).shape).toEqual([2, 5])
    expect(fusedMatmul(f('S', 'B', 4, 8), f('S', 'B', 4, 8), { transBatchA: true, transBatchB: true, transB: true }).shape).toEqual([
      'B',
      4,
      'S',
      'S',
    ])
    expect(reshape(f('S', 'B', 6), ['B*S', 6]).shape).toEqual(['B*S', 6])
    expect(transpose(f(2, 'S', 4), [2, 0, 1]).shape).toEqual([4, 2, 'S'])
    expect(concat([f('P', 2), f(1, 2)], 0).shape).toEqual(['P+1', 2])
    expect(split(f('B', 5), [2, 3], 1).map(({ shape }) => shape)).toEqual([
      ['B', 2],
      ['B', 3],
    ])
    expect(slice(f('B', 7), { axis: 1, start: -3 }).shape).toEqual(['B', 3])
    expect(reduceSum(f('B', 3), { axes: [-1], keepDims: false }).shape).toEqual(['B'])
    expect(gather(f(10, 4), i('M')).shape).toEqual(['M', 4])
    expect(gatherElements(f('M', 9), i('M', 1)).shape).toEqual(['M', 1])
    expect(oneHot(i('M'), 6)).toMatchObject({ type: 'float32', shape: ['M', 6] })
    expect(topK(f('B', 9), 4).indices).toMatchObject({ type: 'int64', shape: ['B', 4] })
    expect(rmsNorm(f('R', 8), f(8), 1e-5).inverseRms.shape).toEqual(['R', 1])
    expect(expandLike(graph.constant(0), f('B', 2)).shape).toEqual(['B', 2])
  })

  it.each([
    ['lengths that do not broadcast', (b) => add(b.f(2, 3), b.f(4)), 'shapes [2, 3] and [4] do not broadcast'],
    ['names of lengths that differ', (b) => add(b.f('B'), b.f('S')), 'shapes [B] and [S] do not broadcast'],
    ['element types that differ', (b) => mul(b.f(2), b.i(2)), 'x0 is float32, i1 is int64'],
    ['inner lengths that differ', (b) => matmul(b.f(2, 3), b.f(4, 5)), '[2, 3] times [4, 5] is no matrix product'],
    ['a Gemm of more than matrices', (b) => gemm(b.f(2, 2, 3), b.f(3, 4)), 'both factors must be matrices'],
    ['a bias that does not fit', (b) => gemm(b.f(2, 3), b.f(3, 4), { bias: b.f(3) }), 'do not broadcast'],
    ['a reshape to another size', (b) => reshape(b.f('B', 6), ['B', 7]), '[B, 6] does not reshape to [B, 7]'],
    ['a permutation with an axis twice', (b) => transpose(b.f(2, 3), [0, 0]), '0,0 does not permute [2, 3]'],
    ['parts that do not join', (b) => concat([b.f(2, 3), b.f(2, 4)], 0), '[2, 4] does not join [2, 3] along axis 0'],
    ['parts that do not add up', (b) => split(b.f(5), [2, 2], 0), 'parts 2,2 do not make up 5'],
    ['an axis that is not there', (b) => softmax(b.f(2), 1), 'axis 1 is outside rank 1'],
    ['indices of floating point', (b) => gather(b.f(4, 2), b.f(3)), 'is float32, not int64 or int32'],
    [
      'updates that do not fit',
      (b) => scatterAdd(b.f(4), { indices: b.i(2), updates: b.f(3), axis: 0 }),
      'indices and updates must have one shape',
    ],
    ['a scale of another length', (b) => rmsNorm(b.f(2, 4), b.f(3), 1e-5), 'scale [3] does not fit'],
    [
      'positions of other rows',
      (b) => rotaryEmbedding(b.f(2, 1, 4), { positions: b.i(3, 1), cos: b.f(9, 2), sin: b.f(9, 2) }),
      'positions [3, 1]',
    ],
    ['a condition that is no truth value', (b) => where(b.f(2), b.f(2), 0), 'is float32, not bool'],
    ['a value of another graph', (b) => add(b.f(2), build().f(2)), 'belongs to another graph'],
    ['a name that is taken', (b) => b.graph.input(b.f(2).name, 'float32', [2]), 'the name x0 is taken'],
    ['a dimension that no input has', (b) => b.graph.dimension('Z'), 'no graph input has a dimension Z'],
    ['an operator without specification', (b) => b.graph.apply('Tan', [b.f(2)]), 'operator Tan has no specification'],
    ['an attribute that is not specified', (b) => b.graph.apply('Softmax', [b.f(2)], { axes: 0 }), 'attribute axes is unknown'],
    [
      'an attribute of another kind',
      (b) => b.graph.apply('Softmax', [b.f(2)], { axis: 0.5 }),
      'attribute axis is unknown or not of its kind',
    ],
    ['too few inputs', (b) => b.graph.apply('Add', [b.f(2)]), '1 inputs, not 2 to 2'],
  ] satisfies [string, (parts: ReturnType<typeof build>) => unknown, string][])('refuses %s', (_, use, message) => {
    expect(() => use(build())).toThrow(message)
  })

  it('stores an equal small constant once and gives each of its kind a value of its own', () => {
    const graph = new Graph()
    expect(graph.constant(1)).toBe(graph.constant(1))
    expect(graph.constant([1])).not.toBe(graph.constant(1))
    expect(graph.constant(1, 'int64')).not.toBe(graph.constant(1))
    expect(graph.constants.length).toBe(3)
  })
})

describe('inferCall()', () => {
  it('knows the contents of shape vectors through Shape and Concat', () => {
    const { graph, f } = build()
    const x = f('B', 6)
    const vector = graph.apply('Concat', [graph.apply('Shape', [x], { start: 0, end: 1 }), graph.constant([2, 3], 'int64')], { axis: 0 })
    expect(vector.contents).toEqual(['B', 2, 3])
    expect(inferCall({ op: 'Reshape', inputs: [x, vector], attributes: {} })).toEqual([{ type: 'float32', shape: ['B', 2, 3] }])
  })
})
