/**
 * @file Supervised fine-tuning: the negative log-likelihood of demonstrations, averaged over all completion tokens of the batch.
 * Source: TRL's SFTTrainer (loss_type "nll"), -(1/N) Σ_t log π(y_t) with N the completion tokens of the whole batch.
 */
import { countTokens, type LossGradient } from './gradient.ts'

/** ∂L/∂logProb before any log-probability is known: -1/N everywhere, so that one pass gives loss and gradient. */
export function sftGradients(lengths: readonly number[]): readonly Float32Array[] {
  const tokenCount = lengths.reduce((sum, length) => sum + length, 0)
  return lengths.map((length) => new Float32Array(length).fill(-1 / Math.max(1, tokenCount)))
}

/** Loss in nats per token and its derivative. @param logProbs f32[tokens] per demonstration */
export function sft(logProbs: readonly Float32Array[]): LossGradient {
  const gradients = sftGradients(logProbs.map((tokens) => tokens.length))
  const total = logProbs.reduce((sum, tokens) => sum + tokens.reduce((inner, value) => inner + value, 0), 0)
  return { loss: -total / Math.max(1, countTokens(logProbs)), gradients }
}
