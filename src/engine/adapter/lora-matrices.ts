/**
 * @file The numbers of one LoRA adapter, apart from any file format or graph: A and B of each adapted linear layer.
 * Source: Hu et al., arXiv:2106.09685; W x becomes W x + (alpha / rank) B A x.
 */
import type { LoraTarget } from '../engine.ts'

/** A and B of one linear layer: A is f32[rank, inputs], B is f32[outputs, rank]. */
export interface LoraMatrixPair {
  readonly a: Float32Array
  readonly b: Float32Array
}

/** One adapter. Every target is adapted in every layer; `pairs` is keyed by `linearName`. */
export interface LoraMatrices {
  readonly rank: number
  /** Numerator of the scale alpha / rank. A rank-stabilised adapter is held with alpha · √rank, which gives its scale alpha / √rank. */
  readonly alpha: number
  readonly targets: readonly LoraTarget[]
  readonly pairs: ReadonlyMap<string, LoraMatrixPair>
}
