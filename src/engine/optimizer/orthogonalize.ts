/**
 * @file Brings all singular values of matrices near 1 with a few Newton-Schulz iterations, as a graph over stacks of equal matrices.
 * Source: Keller Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024), coefficients included.
 */
import { add, div, mul, sqrt } from '../graph/elementwise.ts'
import { Graph } from '../graph/graph.ts'
import type { Value } from '../graph/value.ts'
import { fusedMatmul, matmul } from '../graph/matrix.ts'
import { reduceSumSquare } from '../graph/reduction.ts'

const [A, B, C] = [3.4445, -4.775, 2.0315]
const ITERATIONS = 5

/** Input and output `matrices` are float32[K, R, C], each matrix with R ≤ C (`wide`) or R ≥ C. */
export function orthogonalizeGraph(shape: 'wide' | 'tall'): Graph {
  const graph = new Graph()
  const matrices = graph.input('matrices', 'float32', ['K', 'R', 'C'])
  const norm = sqrt(reduceSumSquare(matrices, { axes: [1, 2] }))
  let x = div(matrices, add(norm, 1e-7))
  for (let i = 0; i < ITERATIONS; i++) x = iterate(x, shape)
  graph.output('orthogonal', x)
  return graph
}

/** a X + (b G + c G²) X with G = X Xᵀ, on whichever side G is smaller. */
function iterate(x: Value, shape: 'wide' | 'tall'): Value {
  const isWide = shape === 'wide'
  const gram = isWide ? fusedMatmul(x, x, { transB: true }) : fusedMatmul(x, x, { transA: true })
  const polynomial = add(mul(gram, B), fusedMatmul(gram, gram, { alpha: C }))
  return add(mul(x, A), isWide ? matmul(polynomial, x) : matmul(x, polynomial))
}
