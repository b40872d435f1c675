/**
 * @file What every algorithm gives back: a loss and its derivative by each log-probability. Algorithms know nothing of models:
 * the engine turns these derivatives into gradients of weights (Σ (∂L/∂logp_t) ∂logp_t/∂θ).
 */

/** A loss in nats and ∂L/∂logProb for each completion token: f32[tokens] per sequence. */
export interface LossGradient {
  readonly loss: number
  readonly gradients: readonly Float32Array[]
}

/** Number of tokens in all sequences. */
export function countTokens(sequences: readonly { readonly length: number }[]): number {
  return sequences.reduce((sum, sequence) => sum + sequence.length, 0)
}
