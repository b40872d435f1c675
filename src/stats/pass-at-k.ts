/**
 * @file Two readings of repeated samples of one case: at least one of k passes, or all k pass.
 */
import { logChoose } from './log-gamma.ts'

/**
 * Unbiased share of draws of k from `n` samples in which at least one of the `passed` ones is drawn; 1 <= k <= n.
 * Source: Chen et al. 2021 (2107.03374), eq. 1.
 */
export function passAtK(n: number, passed: number, k: number): number {
  if (k === 1) return passed / n
  return 1 - passHatK(n, n - passed, k)
}

/** Unbiased share of draws of k from `n` samples that are all among the `passed` ones (pass^k); 1 <= k <= n. */
export function passHatK(n: number, passed: number, k: number): number {
  if (k === 1) return passed / n
  return passed < k ? 0 : Math.exp(logChoose(passed, k) - logChoose(n, k))
}
