/**
 * @file The standard normal distribution to double precision (table look-ups in common libraries are off in the third decimal of a p-value).
 */

const INVERSE_SQRT_TWO_PI = 0.3989422804014327
/** Where the series (absolute accuracy) hands over to the continued fraction (relative accuracy in the tail). */
const TAIL_FROM = 3

/** Density at `z`. */
export function normalDensity(z: number): number {
  return INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * z * z)
}

/**
 * P(Z <= z), with relative accuracy in the lower tail.
 * Source: Abramowitz and Stegun 26.2.11 (series) and 26.2.14 (continued fraction).
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (z < -TAIL_FROM) return tail(-z)
  if (z > TAIL_FROM) return 1 - tail(z)
  let term = z
  let sum = z
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return 0.5 + normalDensity(z) * sum
}

function tail(z: number): number {
  if (z > 39) return 0
  let fraction = z
  for (let k = 160; k >= 1; k--) fraction = z + k / fraction
  return normalDensity(z) / fraction
}

/**
 * The z with P(Z <= z) = `probability`.
 * Source: P. J. Acklam's rational approximation, refined by one step of Halley's method.
 */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return probability === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (probability >= 1) return probability === 1 ? Number.POSITIVE_INFINITY : Number.NaN
  // The lower half only: there the distribution function keeps its relative accuracy.
  if (probability > 0.5) return -normalQuantile(1 - probability)
  const start = acklam(probability)
  const step = (normalCdf(start) - probability) / normalDensity(start)
  return start - step / (1 + (start * step) / 2)
}

const CENTRE_TOP = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239]
const CENTRE_BOTTOM = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1]
const TAIL_TOP = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783]
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]

function acklam(probability: number): number {
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability))
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q)
  }
  const q = probability - 0.5
  return (q * polynomial(CENTRE_TOP, q * q)) / polynomial(CENTRE_BOTTOM, q * q)
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}
