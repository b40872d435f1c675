/** @file For every gradient rule, the ways in which graphs use its operator. */
import * as elementwise from '../../../src/engine/graph/elementwise.ts'
import type { Graph } from '../../../src/engine/graph/graph.ts'
import type { Value } from '../../../src/engine/graph/value.ts'
import { gather, gatherElements } from '../../../src/engine/graph/indexing.ts'
import { type FusedMatmulOptions, fusedMatmul, gemm, matmul } from '../../../src/engine/graph/matrix.ts'
import { concat, expand, reshape, split, transpose } from '../../../src/engine/graph/movement.ts'
import { rmsNorm, rotaryEmbedding, silu } from '../../../src/engine/graph/normalization.ts'
import { logSoftmax, reduceMean, reduceSum, softmax } from '../../../src/engine/graph/reduction.ts'
import type { RuleCase } from './finite-differences.ts'

type Values = Readonly<Record<'a' | 'b' | 'c', Value>>
type Build = (values: Values, graph: Graph) => Value

const of = (op: string, inputs: RuleCase['inputs'], build: Build, more: { use?: string; above?: number } = {}): RuleCase => ({
  op,
  inputs,
  build,
  ...more,
})

const pair = (op: string, build: Build, above?: number): RuleCase[] =>
  [
    { a: [2, 3], b: [2, 3] },
    { a: [2, 3], b: [3] },
    { a: [3, 1], b: [2, 1, 4] },
  ].map((inputs) => of(op, inputs, build, { use: JSON.stringify(inputs), ...(above === undefined ? {} : { above }) }))

const one = (op: string, build: Build, above?: number): RuleCase => of(op, { a: [2, 3] }, build, above === undefined ? {} : { above })

const ELEMENTWISE: readonly RuleCase[] = [
  ...pair('Add', ({ a, b }) => elementwise.add(a, b)),
  ...pair('Sub', ({ a, b }) => elementwise.sub(a, b)),
  ...pair('Mul', ({ a, b }) => elementwise.mul(a, b)),
  ...pair('Div', ({ a, b }) => elementwise.div(a, b), 0.6),
  of('Mul', { a: [4] }, ({ a }) => elementwise.mul(a, a), { use: 'a value by itself' }),
  one('Neg', ({ a }) => elementwise.neg(a)),
  one('Exp', ({ a }) => elementwise.exp(a)),
  one('Log', ({ a }) => elementwise.log(a), 0.6),
  one('Sqrt', ({ a }) => elementwise.sqrt(a), 0.6),
  one('Reciprocal', ({ a }) => elementwise.reciprocal(a), 0.6),
  one('Sigmoid', ({ a }) => elementwise.sigmoid(a)),
  one('QuickGelu', ({ a }) => silu(a)),
  one('Cast', ({ a }, graph) => elementwise.mul(graph.apply('Cast', [a], { to: elementwise.ELEMENT_CODES.float32 }), a)),
  of('Where', { a: [2, 3], b: [3] }, ({ a, b }, graph) => elementwise.where(graph.constant([1, 0, 1, 0, 0, 1], 'bool', [2, 3]), a, b)),
]

const REDUCTION: readonly RuleCase[] = [
  of('ReduceSum', { a: [2, 3, 4] }, ({ a }) => reduceSum(a, { axes: [1] }), { use: 'kept axis' }),
  of('ReduceSum', { a: [2, 3, 4] }, ({ a }) => reduceSum(a, { axes: [0, -1], keepDims: false }), { use: 'dropped axes' }),
  of('ReduceMean', { a: [2, 3, 4] }, ({ a }) => reduceMean(a, { axes: [-1] }), { use: 'kept axis' }),
  of('ReduceMean', { a: [2, 3] }, ({ a }) => reduceMean(a, { axes: [0], keepDims: false }), { use: 'dropped axis' }),
  of('Softmax', { a: [2, 4] }, ({ a }) => softmax(a)),
  of('LogSoftmax', { a: [2, 4] }, ({ a }) => logSoftmax(a)),
]

const gemmCase = (transA: boolean, transB: boolean): RuleCase =>
  of(
    'Gemm',
    { a: transA ? [3, 2] : [2, 3], b: transB ? [4, 3] : [3, 4], c: [4] },
    ({ a, b, c }) => gemm(a, b, { transA, transB, alpha: 0.5, bias: c }),
    { use: `transA ${transA}, transB ${transB}` },
  )

const fusedCase = (a: readonly number[], b: readonly number[], options: FusedMatmulOptions): RuleCase =>
  of('FusedMatMul', { a, b }, (values) => fusedMatmul(values.a, values.b, { alpha: 0.5, ...options }), {
    use: `${JSON.stringify(options)} of ${a.join('x')} and ${b.join('x')}`,
  })

const MATRIX: readonly RuleCase[] = [
  of('MatMul', { a: [2, 3], b: [3, 4] }, ({ a, b }) => matmul(a, b), { use: 'matrices' }),
  of('MatMul', { a: [2, 2, 3], b: [1, 3, 2] }, ({ a, b }) => matmul(a, b), { use: 'broadcast batch' }),
  ...[true, false].flatMap((transA) => [true, false].map((transB) => gemmCase(transA, transB))),
  of('Gemm', { a: [2, 3], b: [3, 4], c: [2, 4] }, ({ a, b, c }) => gemm(a, b, { bias: c }), { use: 'a matrix added' }),
  fusedCase([2, 2, 3], [2, 3, 2], {}),
  fusedCase([2, 3, 2], [2, 3, 2], { transA: true }),
  fusedCase([2, 2, 3], [1, 4, 3], { transB: true }),
  fusedCase([2, 3, 2], [2, 4, 3], { transA: true, transB: true }),
  fusedCase([2, 3, 4], [2, 3, 4], { transB: true, transBatchA: true, transBatchB: true }),
  fusedCase([2, 1, 2, 2, 3], [2, 1, 2, 1, 3], { transB: true, transBatchA: true, transBatchB: true }),
  fusedCase([1, 2, 2, 3, 2], [2, 1, 2, 1, 3], { transBatchB: true }),
  fusedCase([2, 3, 4], [5, 2, 4], { transB: true, transBatchB: true }),
  fusedCase([3, 2, 4], [2, 5, 4], { transB: true, transBatchA: true }),
  fusedCase([3, 2, 4], [2, 4, 5], { transBatchA: true }),
]

const MOVEMENT: readonly RuleCase[] = [
  of('Reshape', { a: [2, 6] }, ({ a }) => reshape(a, [3, 4])),
  of('Transpose', { a: [2, 3, 4] }, ({ a }) => transpose(a, [2, 0, 1])),
  of('Expand', { a: [3, 1] }, ({ a }) => expand(a, [2, 3, 4])),
  of('Concat', { a: [2, 3], b: [2, 1] }, ({ a, b }) => concat([a, b], 1)),
  of('Split', { a: [2, 5] }, ({ a }) => split(a, [2, 3], 1)[1] as Value, { use: 'one part used' }),
  of('Split', { a: [4, 2] }, ({ a }) => {
    const [first, second] = split(a, [2, 2], 0)
    return elementwise.mul(first as Value, second as Value)
  }),
  of('Gather', { a: [4, 2] }, ({ a }, graph) => gather(a, graph.constant([2, 0, 2], 'int64')), { use: 'a row twice' }),
  of('GatherElements', { a: [3, 4] }, ({ a }, graph) => gatherElements(a, graph.constant([1, 3, 3], 'int64', [3, 1]), 1)),
  of('GatherElements', { a: [2, 3] }, ({ a }, graph) => gatherElements(a, graph.constant([1, 1], 'int64', [1, 2]), 1), {
    use: 'an element twice',
  }),
]

const angles = [0.3, 1.1, 2.5, 0.7, 1.9, 2.8]

const NORMALIZATION: readonly RuleCase[] = [
  of('SimplifiedLayerNormalization', { a: [3, 4], b: [4] }, ({ a, b }) => rmsNorm(a, b, 1e-5).normalized, { use: 'rows' }),
  of('SimplifiedLayerNormalization', { a: [2, 2, 4], b: [4] }, ({ a, b }) => rmsNorm(a, b, 0.1).normalized, { use: 'heads of rows' }),
  of('RotaryEmbedding', { a: [2, 1, 8] }, ({ a }, graph) =>
    rotaryEmbedding(a, {
      positions: graph.constant([2, 1], 'int64', [2, 1]),
      cos: graph.constant(angles.map(Math.cos), 'float32', [3, 2]),
      sin: graph.constant(angles.map(Math.sin), 'float32', [3, 2]),
    }),
  ),
]

export const RULE_CASES: readonly RuleCase[] = [...ELEMENTWISE, ...REDUCTION, ...MATRIX, ...MOVEMENT, ...NORMALIZATION]
