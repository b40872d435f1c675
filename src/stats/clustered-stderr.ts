/**
 * @file Standard errors of a mean, with and without clusters, and the design effect between them. Cases made from one template fail
 * together, so their naive standard error can be several times too small.
 */
import { mean, sampleVariance } from 'simple-statistics'

/** A mean with its standard errors. */
export interface ClusteredStderr {
  readonly mean: number
  /** As if every value stood alone. */
  readonly stderr: number
  readonly clusteredStderr: number
  /** clusteredStderr^2 / stderr^2; 1 where the values do not vary. */
  readonly designEffect: number
  readonly clusters: number
}

/**
 * Standard errors of the mean of `values`, whose clusters are named by `clusters` (same length, at least two values).
 * Source: Miller 2024 (2411.00640), clustered standard error: the first term has n - 1 where statsmodels without correction has n.
 */
export function clusteredStderr(values: readonly number[], clusters: readonly (string | number)[]): ClusteredStderr {
  const n = values.length
  const centre = mean([...values])
  const variance = sampleVariance([...values]) / n
  const sums = new Map<string | number, { sum: number; squares: number }>()
  for (const [i, value] of values.entries()) {
    const name = clusters[i] as string | number
    const entry = sums.get(name) ?? { sum: 0, squares: 0 }
    entry.sum += value - centre
    entry.squares += (value - centre) ** 2
    sums.set(name, entry)
  }
  let cross = 0
  for (const { sum, squares } of sums.values()) cross += sum * sum - squares
  // Negative correlation inside clusters can push the estimate below zero on tiny samples.
  const clustered = Math.max(0, variance + cross / (n * n))
  return {
    mean: centre,
    stderr: Math.sqrt(variance),
    clusteredStderr: Math.sqrt(clustered),
    designEffect: variance > 0 ? clustered / variance : 1,
    clusters: sums.size,
  }
}
