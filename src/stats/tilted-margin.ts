/**
 * @file The margin test for changes that are more than lost and gained: graded rewards, means over repeats, alone or in clusters. The changes that were
 * seen are mixed with losses until their mean is what the hypothesis says, and the variance is that of the mixture. Knows nothing of grades.
 */
import { bisect } from './bisect.ts'
import { studentTUpperTail } from './student-t.ts'

/** Changes (after minus before, -1 to 1) of the cases of one cluster; a case that stands alone is a cluster of one. */
export type ClusterChanges = readonly number[]

/** The statistic of "the mean change is above -margin". */
export interface TiltedStatistic {
  readonly t: number
  /** Clusters - 1. */
  readonly degreesOfFreedom: number
  /** One-sided p of Student's t, and never below the chance that no case shows a loss which is large enough. */
  readonly p: number
}

/** All that the test needs of the changes: the search for an interval must not go through them again. */
interface Moments {
  readonly cases: number
  readonly clusters: number
  readonly mean: number
  readonly meanSquare: number
  /** Sum over clusters of their summed change squared, over the cases. */
  readonly clusterSquare: number
  /** Mean cluster size as a case sees it (w). */
  readonly wholeCluster: number
  /** Size of the losses that are mixed in: the mean loss, weighted by itself, with one whole loss added (l). */
  readonly lossSize: number
  /** The same of clusters, with one whole cluster added (h). */
  readonly clusterLoss: number
}

/**
 * Tests whether the mean loss is smaller than `margin`. Without cases, or with one cluster, p is 1.
 *
 * A variance of the observed changes alone is smallest in the samples that look best: where losses are rare and large, a bootstrap called 9.5 % of evals
 * held at a true loss of the margin. Here a share e of lost cases is mixed in, so that the mean is -margin:
 *   l = (sum L^2 + 1) / (sum L + 1) over the losses L, h = (sum over clusters of (sum L)^2 + w^2) / (sum L + w) with w = sum n_c^2 / n,
 *   e = (mean + margin) / (l + mean), t = (mean + margin) / sqrt(V / n), and V the larger of
 *   (1 - e) mean(d^2) + e l^2 - margin^2 and (1 - e) sum D_c^2 / n + e l h - w margin^2.
 * Our own, level and power in docs/decisions/2026-11-29-graded-margin-test.md.
 */
export function tiltedNonInferiority(clusters: readonly ClusterChanges[], margin: number): TiltedStatistic {
  const moments = momentsOf(clusters, 1)
  return moments.clusters < 2 ? { t: 0, degreesOfFreedom: 0, p: 1 } : statisticAt(moments, -margin)
}

/** Two-sided interval for the mean change, each end missing the truth with probability `alpha`: the test inverted, and its mirror image. */
export function tiltedInterval(clusters: readonly ClusterChanges[], alpha: number): readonly [lower: number, upper: number] {
  if (clusters.length < 2) return [-1, 1]
  return [lowerLimit(momentsOf(clusters, 1), alpha), -lowerLimit(momentsOf(clusters, -1), alpha)]
}

function lowerLimit(moments: Moments, alpha: number): number {
  return bisect([-1, moments.mean], (mean) => statisticAt(moments, mean).p <= alpha)
}

/** Moments of the changes (sign 1), or of the changes with their signs turned round. */
function momentsOf(clusters: readonly ClusterChanges[], sign: 1 | -1): Moments {
  let [cases, sum, squares, clusterSquares, sizes, loss, lossSquares, clusterLossSquares] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (const cluster of clusters) {
    let [change, lost] = [0, 0]
    for (const each of cluster) {
      change += sign * each
      squares += each * each
      if (sign * each < 0) {
        lost += Math.abs(each)
        lossSquares += each * each
      }
    }
    cases += cluster.length
    sum += change
    clusterSquares += change * change
    sizes += cluster.length ** 2
    loss += lost
    clusterLossSquares += lost * lost
  }
  const wholeCluster = sizes / cases
  return {
    cases,
    clusters: clusters.length,
    mean: sum / cases,
    meanSquare: squares / cases,
    clusterSquare: clusterSquares / cases,
    wholeCluster,
    lossSize: (lossSquares + 1) / (loss + 1),
    clusterLoss: (clusterLossSquares + wholeCluster ** 2) / (loss + wholeCluster),
  }
}

/** The statistic of "the mean change is above `hypothesis`". */
function statisticAt(moments: Moments, hypothesis: number): TiltedStatistic {
  const { cases, mean, meanSquare, clusterSquare, wholeCluster, lossSize, clusterLoss } = moments
  const distance = mean - hypothesis
  const reach = lossSize + mean
  const mixed = Math.min(1, Math.max(0, reach > 0 ? distance / reach : 1))
  const ofCases = (1 - mixed) * meanSquare + mixed * lossSize ** 2 - hypothesis ** 2
  const ofClusters = (1 - mixed) * clusterSquare + mixed * lossSize * clusterLoss - wholeCluster * hypothesis ** 2
  const variance = Math.max(ofCases, ofClusters, 0)
  const t = distance === 0 ? 0 : distance / Math.sqrt(variance / cases)
  const degreesOfFreedom = moments.clusters - 1
  // A share `distance` of whole losses that none of these cases shows: small losses alone cannot be mixed up to a large one.
  const pUnseen = (1 - Math.min(1, Math.max(0, distance))) ** (cases / Math.max(1, clusterLoss))
  return { t, degreesOfFreedom, p: Math.max(upperTail(t, degreesOfFreedom), distance > 0 ? pUnseen : 0) }
}

function upperTail(t: number, degreesOfFreedom: number): number {
  return Number.isFinite(t) ? studentTUpperTail(t, degreesOfFreedom) : t > 0 ? 0 : 1
}
