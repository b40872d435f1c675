/**
 * @file Wilson's interval for a single share. Never zero wide, unlike the bootstrap of an eval that passed everywhere.
 */
import { normalQuantile } from './normal.ts'

/**
 * Two-sided interval of the share `passed / n` at `confidence` (0.95 unless told). No cases give [0, 1].
 * Source: Wilson 1927 (JASA 22:209-212), without continuity correction.
 */
export function wilson(passed: number, n: number, confidence = 0.95): readonly [lower: number, upper: number] {
  if (n === 0) return [0, 1]
  const z = -normalQuantile((1 - confidence) / 2)
  const share = passed / n
  const scale = 1 / (1 + (z * z) / n)
  const centre = (share + (z * z) / (2 * n)) * scale
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n)) * scale
  // At the ends the formula is exactly 0 or 1; rounding must not move it past them.
  return [passed === 0 ? 0 : centre - half, passed === n ? 1 : centre + half]
}
