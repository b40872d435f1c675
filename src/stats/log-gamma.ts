/**
 * @file The logarithm of the gamma function and of binomial coefficients, accurate enough that tails of binomials with 100,000 trials can be summed.
 */

const HALF_LOG_TWO_PI = 0.9189385332046727
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156]
/** Below this the argument is shifted up by the recurrence, above it seven Stirling terms leave less than 1e-16. */
const SHIFT = 12

/**
 * Natural logarithm of the gamma function for `x` > 0.
 * Source: Abramowitz and Stegun 6.1.40 (Stirling's series) with the recurrence 6.1.15.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  if (x === 1 || x === 2) return 0
  let product = 1
  let shifted = x
  while (shifted < SHIFT) product *= shifted++
  const inverse = 1 / shifted
  let series = 0
  for (let i = STIRLING.length - 1; i >= 0; i--) series = series * inverse * inverse + (STIRLING[i] as number)
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series * inverse - Math.log(product)
}

/** Natural logarithm of the binomial coefficient "n choose k" for 0 <= k <= n. */
export function logChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}
