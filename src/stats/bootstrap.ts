/**
 * @file One-sided limits of a mean by resampling cases, or whole clusters of them, with a seed. For graded or repeated scores, where no
 * score test applies.
 */
import { seededRandom } from '../base/seeded-random.ts'
import type { Resampling } from './sign-flip.ts'

/** Up to this many groups the 32 random bits of one number make two draws: no group is then favoured by more than 1 in 1,000. */
const TWO_DRAWS_UP_TO = 2048

/** A group of values that are drawn together: one case, or one cluster. */
export interface Group {
  readonly sum: number
  readonly count: number
}

/** Limits of a mean and the share of draws at or below a threshold. */
export interface BootstrapResult {
  /** One-sided lower and upper limits, each missing the truth with probability alpha. */
  readonly interval: readonly [lower: number, upper: number]
  /** One-sided p of "the mean is at most `threshold`": (1 + draws at or below it) / (1 + draws). */
  readonly p: number
}

/**
 * Bootstraps the mean over all values in `groups` (at least one). Percentile rule: of B sorted draws the lower limit is number
 * floor(alpha (B + 1)), counted from 1, and the upper limit its mirror image, so `p <= alpha` exactly when the lower limit is above `threshold`.
 * Source: Davison and Hinkley 1997, section 5.3.1.
 */
export function bootstrapMean(
  groups: readonly Group[],
  { alpha, threshold }: { readonly alpha: number; readonly threshold: number },
  { resamples, seed }: Resampling,
): BootstrapResult {
  const draws = drawMeans(groups, { resamples, seed }).sort()
  const rank = Math.max(1, Math.floor(alpha * (resamples + 1) + 1e-9))
  let atOrBelow = 0
  while (atOrBelow < draws.length && (draws[atOrBelow] as number) <= threshold) atOrBelow++
  return {
    interval: [draws[rank - 1] as number, draws[resamples - rank] as number],
    p: (1 + atOrBelow) / (1 + resamples),
  }
}

function drawMeans(groups: readonly Group[], { resamples, seed }: Resampling): Float64Array {
  const random = seededRandom(seed, 'bootstrap')
  const size = groups.length
  const sums = Float64Array.from(groups, (group) => group.sum)
  const counts = Float64Array.from(groups, (group) => group.count)
  const means = new Float64Array(resamples)
  const twice = size <= TWO_DRAWS_UP_TO
  for (let draw = 0; draw < resamples; draw++) {
    let sum = 0
    let count = 0
    for (let i = 0; i < size; i += 2) {
      const scaled = random.next() * size
      const first = scaled | 0
      const second = (twice ? (scaled - first) * size : random.next() * size) | 0
      sum += sums[first] as number
      count += counts[first] as number
      if (i + 1 === size) break
      sum += sums[second] as number
      count += counts[second] as number
    }
    means[draw] = sum / count
  }
  return means
}
