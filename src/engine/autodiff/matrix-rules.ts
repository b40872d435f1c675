/**
 * @file Gradients of matrix products. Transpositions are folded into the products of the way back, so that no matrix is copied.
 */
import type { Value } from '../graph/value.ts'
import { type FusedMatmulOptions, fusedMatmul, gemm } from '../graph/matrix.ts'
import { transpose } from '../graph/movement.ts'
import { type BackwardStep, type GradientRules, gradient, input, unbroadcast, wanted } from './rule.ts'

export const MATRIX_RULES: GradientRules = {
  Gemm: gemmRule,
  MatMul: batchedRule,
  FusedMatMul: batchedRule,
}

function gemmRule(step: BackwardStep): readonly (Value | undefined)[] {
  const [a, b, dy] = [input(step, 0), input(step, 1), gradient(step)]
  const alpha = number(step, 'alpha', 1)
  const [transA, transB] = [number(step, 'transA', 0) === 1, number(step, 'transB', 0) === 1]
  const bias = step.node.inputs[2]
  return [
    wanted(step, 0, () => (transA ? gemm(b, dy, { alpha, transA: transB, transB: true }) : gemm(dy, b, { alpha, transB: !transB }))),
    wanted(step, 1, () => (transB ? gemm(dy, a, { alpha, transA: true, transB: transA }) : gemm(a, dy, { alpha, transA: !transA }))),
    bias ? wanted(step, 2, () => unbroadcast(dy, bias)) : undefined,
  ]
}

function batchedRule(step: BackwardStep): readonly (Value | undefined)[] {
  const [a, b, dy] = [input(step, 0), input(step, 1), gradient(step)]
  const flag = (name: string): boolean => number(step, name, 0) === 1
  const alpha = number(step, 'alpha', 1)
  const [transA, transB, transBatchA, transBatchB] = [flag('transA'), flag('transB'), flag('transBatchA'), flag('transBatchB')]
  const left = (): Value =>
    transA
      ? fusedMatmul(b, dy, { alpha, transA: transB, transBatchA: transBatchB, transB: true })
      : fusedMatmul(dy, b, { alpha, transB: !transB, transBatchB })
  const right = (): Value =>
    transB
      ? fusedMatmul(dy, a, { alpha, transA: true, transB: transA, transBatchB: transBatchA })
      : fusedMatmul(a, dy, { alpha, transA: !transA, transBatchA })
  return [
    wanted(step, 0, () => restore(left(), a, { transBatchA })),
    wanted(step, 1, () => restore(right(), b, { transBatchA: transBatchB })),
  ]
}

/** Sums over broadcast batch axes and moves the row axis back to the front where the factor had it there. */
function restore(gradient: Value, like: Value, { transBatchA: isBatchLast = false }: FusedMatmulOptions): Value {
  if (!isBatchLast) return unbroadcast(gradient, like)
  const rank = like.shape.length
  const batchFirst = [...like.shape.slice(1, -1), ...like.shape.slice(0, 1), ...like.shape.slice(-1)]
  const summed = unbroadcast(gradient, { ...like, shape: batchFirst })
  return transpose(summed, [rank - 2, ...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1])
}

function number(step: BackwardStep, name: string, fallback: number): number {
  const value = step.node.attributes[name]
  return typeof value === 'number' ? value : fallback
}
