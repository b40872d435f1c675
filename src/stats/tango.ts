/**
 * @file Tango's score test and interval for the difference of two paired shares. It proves non-inferiority where Wald's test would be certain
 * without evidence (no changed pair, no variance). Clustered cases: z is divided by the root of the design effect and read against Student's t.
 */
import { normalCdf, normalQuantile } from './normal.ts'
import { studentTQuantile, studentTUpperTail } from './student-t.ts'

/** Paired passes and fails, and how far the cases are from independent. */
export interface PairedCounts {
  /** Cases. */
  readonly n: number
  /** Pass before, fail after. */
  readonly lost: number
  /** Fail before, pass after. */
  readonly gained: number
  /** Leave out where every case stands alone. */
  readonly clustering?: { readonly designEffect: number; readonly clusters: number } | undefined
}

/** Tango's statistic and the one-sided p against "the difference is -margin or worse". */
export interface NonInferiorityResult {
  readonly z: number
  readonly p: number
}

/**
 * Tango's score statistic for the hypothesis that (gained - lost) / n is `difference`, -1 < difference < 1; before any clustering.
 * Source: Tango 1998 (Statistics in Medicine 17:891-908); q is the constrained estimate of the probability of a loss.
 */
export function tangoZ(counts: PairedCounts, difference: number): number {
  const { n, lost, gained } = counts
  const linear = -gained - lost + (2 * n - gained + lost) * difference
  const constant = -lost * difference * (1 - difference)
  // The larger root of 2n q^2 + linear q + constant = 0, in the form that does not cancel.
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant))
  const q = linear <= 0 ? (root - linear) / (4 * n) : (-2 * constant) / (root + linear)
  const variance = n * (2 * q + difference * (1 - difference))
  const distance = gained - lost - n * difference
  if (variance > 0) return distance / Math.sqrt(variance)
  return distance === 0 ? 0 : distance * Number.POSITIVE_INFINITY
}

/** Tests whether the loss is smaller than `margin` (a share, above 0). Without cases, or with one cluster, p is 1. */
export function tangoNonInferiority(counts: PairedCounts, margin: number): NonInferiorityResult {
  if (counts.n === 0) return { z: 0, p: 1 }
  const z = tangoZ(counts, -margin) / Math.sqrt(counts.clustering?.designEffect ?? 1)
  return { z, p: upperTail(z, counts) }
}

function upperTail(z: number, { clustering }: PairedCounts): number {
  if (clustering === undefined) return normalCdf(-z)
  return clustering.clusters < 2 ? 1 : studentTUpperTail(z, clustering.clusters - 1)
}

/**
 * Two-sided score interval for the difference, each end missing the truth with probability `alpha` (0.05 gives the 90 % interval that
 * matches a one-sided test at 5 %). Found by inverting the test.
 */
export function tangoInterval(counts: PairedCounts, alpha: number): readonly [lower: number, upper: number] {
  if (counts.n === 0 || (counts.clustering?.clusters ?? 2) < 2) return [-1, 1]
  const critical = criticalValue(counts, alpha) * Math.sqrt(counts.clustering?.designEffect ?? 1)
  const observed = (counts.gained - counts.lost) / counts.n
  const lower = bisect(-1, observed, (difference) => tangoZ(counts, difference) > critical)
  const upper = bisect(observed, 1, (difference) => tangoZ(counts, difference) >= -critical)
  return [lower, upper]
}

function criticalValue({ clustering }: PairedCounts, alpha: number): number {
  return clustering === undefined ? -normalQuantile(alpha) : -studentTQuantile(alpha, clustering.clusters - 1)
}

/** The point where `below` turns from true to false between `low` and `high`. */
function bisect(low: number, high: number, below: (x: number) => boolean): number {
  let [left, right] = [low, high]
  for (let i = 0; i < 60 && right - left > 1e-14; i++) {
    const middle = (left + right) / 2
    if (below(middle)) left = middle
    else right = middle
  }
  return (left + right) / 2
}
