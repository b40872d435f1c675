/**
 * @file The gap between cases and their twins: a model that learned the feature answers both, one that learned the wording answers the case alone.
 * It judges nothing.
 */
import { clusteredStderr } from '../stats/clustered-stderr.ts'
import { clusteredTangoInterval } from '../stats/clustered-tango.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { tangoInterval } from '../stats/tango.ts'

/** What one case or twin is worth: its pass share over its repeats, null when it could not be graded. */
export interface TwinShare {
  readonly caseId: string
  /** Equal for cases of one cluster, unique for a case without one. */
  readonly cluster: string
  /** The case that this one is a twin of; null for a case. */
  readonly twinOf: string | null
  readonly share: number | null
}

/** Pass shares of the cases that have twins, and of their twins. */
export interface TwinGap {
  /** Cases of which at least one twin could be graded too. */
  readonly pairs: number
  readonly caseShare: number
  readonly twinShare: number
  /** caseShare - twinShare. */
  readonly gap: number
  /** 95 % interval of the gap, by clusters where cases have them. */
  readonly interval: readonly [lower: number, upper: number]
}

interface Pair {
  readonly cluster: string
  readonly own: number
  readonly twin: number
}

/** End of the interval on each side: 95 % in all. */
const ALPHA = 0.025

/** The gap over all cases with twins; null without any. Several twins of a case count as their mean. */
export function twinGap(shares: readonly TwinShare[]): TwinGap | null {
  const twins = new Map<string, number[]>()
  for (const { twinOf, share } of shares) {
    if (twinOf !== null && share !== null) twins.set(twinOf, [...(twins.get(twinOf) ?? []), share])
  }
  const pairs = shares.flatMap(({ caseId, cluster, twinOf, share: own }): Pair[] => {
    const found = twinOf === null ? twins.get(caseId) : undefined
    return own === null || found === undefined ? [] : [{ cluster, own, twin: meanOf(found) }]
  })
  if (pairs.length === 0) return null
  const [caseShare, twinShare] = [meanOf(pairs.map(({ own }) => own)), meanOf(pairs.map(({ twin }) => twin))]
  return { pairs: pairs.length, caseShare, twinShare, gap: caseShare - twinShare, interval: intervalOf(pairs) }
}

/** Tango's score interval where every share is 0 or 1, else Student's t. */
function intervalOf(pairs: readonly Pair[]): readonly [number, number] {
  if (pairs.every(({ own, twin }) => Number.isInteger(own) && Number.isInteger(twin))) return binaryInterval(pairs)
  if (pairs.length < 2) return [-1, 1]
  const estimate = clusteredStderr(
    pairs.map(({ own, twin }) => own - twin),
    pairs.map(({ cluster }) => cluster),
  )
  if (estimate.clusters < 2) return [-1, 1]
  const half = studentTQuantile(1 - ALPHA, estimate.clusters - 1) * estimate.clusteredStderr
  return [Math.max(-1, estimate.mean - half), Math.min(1, estimate.mean + half)]
}

function binaryInterval(pairs: readonly Pair[]): readonly [number, number] {
  const clusters = new Map<string, { size: number; lost: number; gained: number }>()
  for (const { cluster, own, twin } of pairs) {
    const counts = clusters.get(cluster) ?? { size: 0, lost: 0, gained: 0 }
    counts.size += 1
    counts.lost += own < twin ? 1 : 0
    counts.gained += own > twin ? 1 : 0
    clusters.set(cluster, counts)
  }
  const counts = [...clusters.values()]
  if (counts.length < pairs.length) return clusteredTangoInterval(counts, ALPHA)
  const sum = (name: 'lost' | 'gained'): number => counts.reduce((total, cluster) => total + cluster[name], 0)
  return tangoInterval({ n: pairs.length, lost: sum('lost'), gained: sum('gained') }, ALPHA)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
