/**
 * @file What every method's gradient gives back: a loss and its derivative by each log-probability. Methods know nothing of models:
 * the engine turns these derivatives into gradients of weights (Σ (∂L/∂logp_t) ∂logp_t/∂θ).
 */

/** A loss in nats and ∂L/∂logProb for each completion token: f32[tokens] per sequence. */
export interface LossGradient {
  readonly loss: number
  readonly gradients: readonly Float32Array[]
}

/** A gradient that is known before any log-probability is, so that one pass through the model is enough. */
export interface KnownGradient {
  /** ∂L/∂logProb for completions of these lengths. */
  weights(lengths: readonly number[]): readonly Float32Array[]
  /** In nats. @param logProbs f32[tokens] per completion */
  loss(logProbs: readonly Float32Array[]): number
}

/** Number of tokens in all sequences. */
export function countTokens(sequences: readonly { readonly length: number }[]): number {
  return sequences.reduce((sum, sequence) => sum + sequence.length, 0)
}
