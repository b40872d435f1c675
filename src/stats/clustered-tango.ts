/**
 * @file Tango's score test for cases in clusters that change together. The variance is that of whole clusters, as it would be if the
 * hypothesis were true: losses that the hypothesis expects and nobody saw are assumed to come by the cluster. Knows nothing of grades.
 */
import { bisect } from './bisect.ts'
import { studentTUpperTail } from './student-t.ts'
import { constrainedCounts, tangoZ } from './tango.ts'
import type { NonInferiorityResult, PairedCounts } from './tango.ts'

/** What happened to the cases of one cluster. */
export interface ClusterCounts {
  /** Cases, at least 1. */
  readonly size: number
  /** Pass before, fail after. */
  readonly lost: number
  /** Fail before, pass after. */
  readonly gained: number
}

/** Power sums of the clusters' net changes that lean one way. */
interface Side {
  /** Cases that changed this way, in whatever cluster. */
  readonly cases: number
  readonly squares: number
  readonly fourths: number
}

/** All that the test needs of the clusters: the search for an interval must not go through them again. */
interface Moments {
  readonly counts: PairedCounts
  readonly lost: Side
  readonly gained: Side
  /** Mean cluster size as a case sees it: sum of size^2 over n. The largest design effect there can be. */
  readonly wholeCluster: number
  /** How many clusters of equal size these are worth: (sum of size^2)^2 over sum of size^4. */
  readonly equalClusters: number
}

interface Statistic {
  readonly z: number
  readonly degreesOfFreedom: number
}

/**
 * Tests whether the loss is smaller than `margin` (a share, above 0). Without cases, or with one cluster, p is 1.
 *
 * z is Tango's, divided by the root of a design effect under the hypothesis: squared net changes of the observed clusters, reweighted to
 * the constrained counts, plus the losses that the constrained counts have beyond those seen, at the design effect of the lost clusters
 * and one more that was lost whole. An estimate from the observed changes alone is smallest in the very samples that look best, and
 * called 10 % of evals held at a true loss of the margin.
 * The reference is Student's t, and not with clusters - 1 degrees of freedom: clusters that did not change say nothing of how much a
 * change varies. It has (sum of squares)^2 / (sum of observed fourth powers) - 1, which is the changed clusters - 1 where all changed
 * alike and half of Satterthwaite's number, and never more than the clusters that those of unequal size are worth, - 1.
 * Source: Tango 1998; Satterthwaite 1946 (Biometrics Bulletin 2:110-114); level and power in docs/decisions/2026-11-23-clustered-margin-test.md.
 */
export function clusteredTangoNonInferiority(clusters: readonly ClusterCounts[], margin: number): NonInferiorityResult {
  if (clusters.length < 2) return { z: 0, p: 1 }
  const statistic = statisticAt(momentsOf(clusters), -margin)
  return { z: statistic.z, p: upperTail(statistic) }
}

/** Two-sided interval for the difference, each end missing the truth with probability `alpha`: the test, inverted. */
export function clusteredTangoInterval(clusters: readonly ClusterCounts[], alpha: number): readonly [lower: number, upper: number] {
  if (clusters.length < 2) return [-1, 1]
  const moments = momentsOf(clusters)
  const { n, lost, gained } = moments.counts
  const observed = (gained - lost) / n
  const lower = bisect([-1, observed], (difference) => upperTail(statisticAt(moments, difference)) < alpha)
  const upper = bisect([observed, 1], (difference) => lowerTail(statisticAt(moments, difference)) >= alpha)
  return [lower, upper]
}

function momentsOf(clusters: readonly ClusterCounts[]): Moments {
  const sum = (value: (cluster: ClusterCounts) => number): number => clusters.reduce((total, cluster) => total + value(cluster), 0)
  const net = ({ lost, gained }: ClusterCounts): number => gained - lost
  const leaning = (power: number, sign: 1 | -1): number => sum((cluster) => (net(cluster) * sign > 0 ? net(cluster) ** power : 0))
  const counts = { n: sum(({ size }) => size), lost: sum(({ lost }) => lost), gained: sum(({ gained }) => gained) }
  const squaredSizes = sum(({ size }) => size ** 2)
  return {
    counts,
    lost: { cases: counts.lost, squares: leaning(2, -1), fourths: leaning(4, -1) },
    gained: { cases: counts.gained, squares: leaning(2, 1), fourths: leaning(4, 1) },
    wholeCluster: squaredSizes / counts.n,
    equalClusters: squaredSizes ** 2 / sum(({ size }) => size ** 4),
  }
}

function statisticAt(moments: Moments, difference: number): Statistic {
  const { counts, wholeCluster, equalClusters } = moments
  const expected = constrainedCounts(counts, difference)
  const lost = underHypothesis(moments.lost, expected.lost, wholeCluster)
  const gained = underHypothesis(moments.gained, expected.gained, wholeCluster)
  const squares = lost.squares + gained.squares
  const changed = expected.lost + expected.gained
  // Never below 1: clusters can look better than independent by chance, and the gate must not profit from it.
  const designEffect = changed > 0 ? Math.max(1, squares / changed) : 1
  const estimated = lost.fourths + gained.fourths
  return {
    z: tangoZ(counts, difference) / Math.sqrt(designEffect),
    degreesOfFreedom: Math.min(equalClusters, estimated > 0 ? squares ** 2 / estimated : Number.POSITIVE_INFINITY) - 1,
  }
}

/** One side's power sums if `expected` of its cases had changed. What is assumed and not estimated costs no degrees of freedom. */
function underHypothesis(side: Side, expected: number, wholeCluster: number): { squares: number; fourths: number } {
  const weight = side.cases > 0 ? Math.min(1, expected / side.cases) : 0
  const unseen = Math.max(0, expected - side.cases)
  const unseenEffect = (side.squares + wholeCluster ** 2) / (side.cases + wholeCluster)
  return { squares: weight * side.squares + unseen * unseenEffect, fourths: weight ** 2 * side.fourths }
}

function upperTail({ z, degreesOfFreedom }: Statistic): number {
  return degreesOfFreedom > 0 ? studentTUpperTail(z, degreesOfFreedom) : 1
}

function lowerTail({ z, degreesOfFreedom }: Statistic): number {
  return upperTail({ z: -z, degreesOfFreedom })
}
