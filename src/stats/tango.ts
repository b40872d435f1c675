/**
 * @file Tango's score test and interval for the difference of two paired shares, for cases that stand alone. It proves non-inferiority where
 * Wald's test would be certain without evidence (no changed pair, no variance). Clusters are clustered-tango.ts's business.
 */
import { bisect } from './bisect.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/** Paired passes and fails. */
export interface PairedCounts {
  /** Cases. */
  readonly n: number
  /** Pass before, fail after. */
  readonly lost: number
  /** Fail before, pass after. */
  readonly gained: number
}

/** A score statistic and the one-sided p against "the difference is -margin or worse". */
export interface NonInferiorityResult {
  readonly z: number
  readonly p: number
}

/** How many cases would be lost and gained if the difference were what a hypothesis says: the likeliest numbers, not whole ones. */
export interface ConstrainedCounts {
  readonly lost: number
  readonly gained: number
}

/**
 * The likeliest expected counts under the hypothesis that (gained - lost) / n is `difference`, -1 < difference < 1.
 * Source: Tango 1998 (Statistics in Medicine 17:891-908); q is the constrained estimate of the probability of a loss.
 */
export function constrainedCounts({ n, lost, gained }: PairedCounts, difference: number): ConstrainedCounts {
  const linear = -gained - lost + (2 * n - gained + lost) * difference
  const constant = -lost * difference * (1 - difference)
  // The larger root of 2n q^2 + linear q + constant = 0, in the form that does not cancel.
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant))
  const q = linear <= 0 ? (root - linear) / (4 * n) : (-2 * constant) / (root + linear)
  return { lost: n * q, gained: Math.max(0, n * (q + difference)) }
}

/** Tango's score statistic for the hypothesis that (gained - lost) / n is `difference`, -1 < difference < 1. */
export function tangoZ(counts: PairedCounts, difference: number): number {
  const expected = constrainedCounts(counts, difference)
  const variance = expected.lost + expected.gained - counts.n * difference * difference
  const distance = counts.gained - counts.lost - counts.n * difference
  if (variance > 0) return distance / Math.sqrt(variance)
  return distance === 0 ? 0 : distance * Number.POSITIVE_INFINITY
}

/** Tests whether the loss is smaller than `margin` (a share, above 0). Without cases p is 1. */
export function tangoNonInferiority(counts: PairedCounts, margin: number): NonInferiorityResult {
  if (counts.n === 0) return { z: 0, p: 1 }
  const z = tangoZ(counts, -margin)
  return { z, p: normalCdf(-z) }
}

/**
 * Two-sided score interval for the difference, each end missing the truth with probability `alpha` (0.05 gives the 90 % interval that
 * matches a one-sided test at 5 %). Found by inverting the test.
 */
export function tangoInterval(counts: PairedCounts, alpha: number): readonly [lower: number, upper: number] {
  if (counts.n === 0) return [-1, 1]
  const critical = -normalQuantile(alpha)
  const observed = (counts.gained - counts.lost) / counts.n
  const lower = bisect([-1, observed], (difference) => tangoZ(counts, difference) > critical)
  const upper = bisect([observed, 1], (difference) => tangoZ(counts, difference) >= -critical)
  return [lower, upper]
}
