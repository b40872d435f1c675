/**
 * @file The gap between cases and their sealed twins: a feature that was learned passes both, a wording that was learned only the case.
 */
import { clusteredStderr } from '../stats/clustered-stderr.ts'
import { clusteredTangoInterval } from '../stats/clustered-tango.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { tangoInterval } from '../stats/tango.ts'
import { reducedPass } from './case-outcomes.ts'
import type { CaseOutcomes } from './case-outcomes.ts'

/** How much more the cases pass than their twins. */
export interface TwinGap {
  /** Cases of which at least one twin was graded too. */
  readonly pairs: number
  readonly casePassShare: number
  readonly twinPassShare: number
  /** casePassShare - twinPassShare. */
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

/** Null where no case was graded together with a twin of it. Several twins of a case count as their mean. */
export function twinGap(cases: readonly CaseOutcomes[], twins: readonly CaseOutcomes[], reducer: string): TwinGap | null {
  const twinShares = new Map<string, number[]>()
  for (const twin of twins) {
    const share = reducedPass(twin, reducer)
    if (share !== null && twin.twinOf !== null) twinShares.set(twin.twinOf, [...(twinShares.get(twin.twinOf) ?? []), share])
  }
  const pairs = cases.flatMap((row): Pair[] => {
    const own = reducedPass(row, reducer)
    const shares = twinShares.get(row.caseId)
    return own === null || shares === undefined ? [] : [{ cluster: row.cluster, own, twin: meanOf(shares) }]
  })
  if (pairs.length === 0) return null
  const [casePassShare, twinPassShare] = [meanOf(pairs.map(({ own }) => own)), meanOf(pairs.map(({ twin }) => twin))]
  return { pairs: pairs.length, casePassShare, twinPassShare, gap: casePassShare - twinPassShare, interval: intervalOf(pairs) }
}

function intervalOf(pairs: readonly Pair[]): readonly [number, number] {
  if (pairs.every(({ own, twin }) => Number.isInteger(own) && Number.isInteger(twin))) return binaryInterval(pairs)
  if (pairs.length < 2) return [-1, 1]
  const differences = pairs.map(({ own, twin }) => own - twin)
  const {
    mean,
    clusteredStderr: stderr,
    clusters,
  } = clusteredStderr(
    differences,
    pairs.map(({ cluster }) => cluster),
  )
  if (clusters < 2) return [-1, 1]
  const half = studentTQuantile(1 - ALPHA, clusters - 1) * stderr
  return [Math.max(-1, mean - half), Math.min(1, mean + half)]
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
