/**
 * @file From hidden states to log-probabilities, and back: the part of training and scoring that is as wide as the vocabulary.
 * The way back is written by hand: ∂logProb(target)/∂logits = onehot(target) - softmax(logits).
 */
import { exp, mul, sub } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { gather, gatherElements, oneHot } from '../graph/indexing.ts'
import { gemm } from '../graph/matrix.ts'
import { reshape } from '../graph/movement.ts'
import { logSoftmax, reduceSum } from '../graph/reduction.ts'
import type { Dim } from '../graph/shape.ts'

/** Log-probabilities over the vocabulary, in nats: float32[M, vocabSize] from normalised hidden states and the head's weight. */
export function headLogProbs(hidden: Value, table: Value, inverseTemperature: Value): Value {
  return logSoftmax(gemm(mul(hidden, inverseTemperature), table, { transB: true }))
}

/** The log-probability of each row's target: float32[M]. */
export function targetLogProb(logProbs: Value, targets: Value): Value {
  const rows = logProbs.shape[0] as Dim
  return reshape(gatherElements(logProbs, reshape(targets, [rows, 1]), 1), [rows])
}

/** -Σ p log p over the vocabulary: float32[M]. */
export function entropy(logProbs: Value): Value {
  return mul(reduceSum(mul(exp(logProbs), logProbs), { axes: [1], keepDims: false }), -1)
}

/** KL(reference || model) over the vocabulary: float32[M]. */
export function klFrom(reference: Value, logProbs: Value): Value {
  return reduceSum(mul(exp(reference), sub(reference, logProbs)), { axes: [1], keepDims: false })
}

export interface HeadBackward {
  /** Normalised hidden states, float32[M, hiddenSize] */
  readonly hidden: Value
  /** The head's weight, float32[vocabSize, hiddenSize] */
  readonly table: Value
  readonly logProbs: Value
  readonly targets: Value
  /** ∂L/∂logProb, float32[M] */
  readonly weights: Value
  readonly inverseTemperature: Value
  /** Whether the head's own weight is trained. */
  readonly isTrained: boolean
}

/** Gradients of the hidden states (float32[M, hiddenSize]) and, where it is trained, of the head's weight. */
export function headGradients(head: HeadBackward): { readonly hidden: Value; readonly table?: Value } {
  const { table } = head
  const column = mul(reshape(head.weights, [head.weights.shape[0] as Dim, 1]), head.inverseTemperature)
  const shares = exp(head.logProbs)
  if (!head.isTrained) return { hidden: mul(sub(gather(table, head.targets), gemm(shares, table)), column) }
  const logits = mul(sub(oneHot(head.targets, table.shape[0] as number), shares), column)
  return { hidden: gemm(logits, table), table: gemm(logits, head.hidden, { transA: true }) }
}
