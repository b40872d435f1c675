/**
 * @file The negative log-likelihood of completions, averaged over all completion tokens of the batch: what `sft` learns, and `raft` on its own samples.
 * Source: TRL's SFTTrainer (loss_type "nll"), -(1/N) Σ_t log π(y_t) with N the completion tokens of the whole batch.
 */
import { countTokens, type KnownGradient } from './gradient.ts'

/** ∂L/∂logProb is -1/N everywhere; the loss is in nats per token. */
export const negativeLogLikelihood: KnownGradient = {
  weights: (lengths) => {
    const tokenCount = lengths.reduce((sum, length) => sum + length, 0)
    return lengths.map((length) => new Float32Array(length).fill(-1 / Math.max(1, tokenCount)))
  },
  loss: (logProbs) => {
    const total = logProbs.reduce((sum, tokens) => sum + tokens.reduce((inner, value) => inner + value, 0), 0)
    return -total / Math.max(1, countTokens(logProbs))
  },
}
