/**
 * @file The exact (and conservative) interval for a single share.
 */
import { betaQuantile } from './incomplete-beta.ts'

/**
 * Two-sided interval of the share `passed / n` at `confidence` (0.95 unless told). No cases give [0, 1].
 * Source: Clopper and Pearson 1934 (Biometrika 26:404-413).
 */
export function clopperPearson(passed: number, n: number, confidence = 0.95): readonly [lower: number, upper: number] {
  if (n === 0) return [0, 1]
  const alpha = (1 - confidence) / 2
  const lower = passed === 0 ? 0 : betaQuantile(alpha, passed, n - passed + 1)
  const upper = passed === n ? 1 : betaQuantile(1 - alpha, passed + 1, n - passed)
  return [lower, upper]
}
