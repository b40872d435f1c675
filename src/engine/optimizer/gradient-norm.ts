/**
 * @file The L2 norm of a whole gradient and the factor that brings it under a limit.
 * Source: Pascanu et al., arXiv:1211.5063; the factor as torch.nn.utils.clip_grad_norm_ computes it.
 */

/** The L2 norm over all tensors together, summed in double precision. */
export function gradientNorm(gradients: Iterable<Float32Array>): number {
  let sum = 0
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) sum += (gradient[i] as number) ** 2
  return Math.sqrt(sum)
}

/** The factor for a gradient of norm `norm` so that it stays under `maxNorm`; 1 when `maxNorm` is 0 (no limit). */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1
}
