/**
 * @file How far one distribution is from another, in nats: exactly where whole distributions are known, else estimated from sampled tokens.
 */

/** KL(p || q) = sum of p log(p / q) over one distribution, in nats. Infinite where q is 0 and p is not. */
export function klDivergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, i) => (share === 0 ? sum : sum + share * Math.log(share / (q[i] ?? 0))), 0)
}

/** Two estimates of KL(sampler || other) per token. */
export interface KlEstimate {
  /** Mean of log sampler - log other: unbiased, can be negative. */
  readonly k1: number
  /** Mean of r - 1 - log r with r = other / sampler: unbiased and never negative. */
  readonly k3: number
}

/**
 * Estimates KL(sampler || other) per token from tokens that the sampler drew at temperature 1; both arrays hold log-probabilities of the
 * same tokens. No tokens give 0.
 * Source: Schulman 2020, "Approximating KL divergence".
 */
export function estimateKl(samplerLogProbs: readonly number[], otherLogProbs: readonly number[]): KlEstimate {
  let k1 = 0
  let k3 = 0
  for (const [i, sampled] of samplerLogProbs.entries()) {
    const logRatio = (otherLogProbs[i] as number) - sampled
    k1 -= logRatio
    k3 += Math.expm1(logRatio) - logRatio
  }
  const count = Math.max(1, samplerLogProbs.length)
  return { k1: k1 / count, k3: k3 / count }
}
