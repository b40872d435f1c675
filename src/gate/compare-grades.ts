/**
 * @file One comparison in numbers: which test applies to it, and what the test says. Draws no verdict.
 */
import { clusteredTangoInterval, clusteredTangoNonInferiority } from '../stats/clustered-tango.ts'
import type { ClusterCounts } from '../stats/clustered-tango.ts'
import { clusteredStderr } from '../stats/clustered-stderr.ts'
import { mcnemar } from '../stats/mcnemar.ts'
import { signFlip } from '../stats/sign-flip.ts'
import type { Resampling } from '../stats/sign-flip.ts'
import { tangoInterval, tangoNonInferiority } from '../stats/tango.ts'
import { tiltedInterval, tiltedNonInferiority } from '../stats/tilted-margin.ts'
import type { ClusterChanges } from '../stats/tilted-margin.ts'
import { caseOutcomes, wasLost } from './case-outcomes.ts'
import type { CaseOutcome, CaseOutcomes } from './case-outcomes.ts'
import type { GatePolicy } from './policy.ts'
import type { ComparisonMethod, ComparisonNumbers, EvalComparison, EvalUnderGate } from './verdict.ts'

/** What a comparison needs to know besides its pairs. */
export interface ComparisonSettings {
  readonly policy: GatePolicy
  /** The smallest level at which a loss will be judged: Monte Carlo tests draw enough to reach it. */
  readonly smallestAlpha: number
}

type LossTest = Pick<ComparisonNumbers, 'pLoss' | 'pGain'>
type MarginTest = Pick<ComparisonNumbers, 'pNonInferior' | 'interval'>

/** A p-value at level alpha should rest on about this many draws. */
const DRAWS_AT_ALPHA = 20
const MOST_DRAWS = 1_000_000

/** Measures the candidate against one baseline. `pLossHolm` is left null: only the round knows which tests belong together. */
export function compareGrades(evaluated: EvalUnderGate, comparison: EvalComparison, settings: ComparisonSettings): ComparisonNumbers {
  const outcomes = caseOutcomes(comparison.pairs, evaluated)
  const { cases, clusters } = outcomes
  const n = cases.length
  const [before, after] = [average(cases, (one) => one.before), average(cases, (one) => one.after)]
  const lost = cases.filter(wasLost).length
  const gained = cases.filter((one) => !one.passedBefore && one.passedAfter).length
  const counts = { n, lost, gained, designEffect: designEffect(outcomes), clusters }
  const seed = JSON.stringify([settings.policy.seed, evaluated.name, comparison.baseline])
  return {
    baseline: comparison.baseline,
    method: methodOf(outcomes),
    ...counts,
    errors: outcomes.errors,
    errorShare: outcomes.pairCount === 0 ? 1 : outcomes.errors / outcomes.pairCount,
    before,
    after,
    difference: average(cases, (one) => one.after - one.before),
    worstDifference: outcomes.worstDifference,
    flipRate: n === 0 ? 0 : (lost + gained) / n,
    meanSquaredChange: average(cases, (one) => (one.after - one.before) ** 2),
    ...testLoss(outcomes, counts, { resamples: drawsFor(settings), seed }),
    pLossHolm: null,
    ...testMargin(outcomes, counts, { margin: evaluated.margin, alpha: settings.policy.alpha }),
  }
}

function average(cases: readonly CaseOutcome[], value: (one: CaseOutcome) => number): number {
  return cases.length === 0 ? 0 : cases.reduce((sum, one) => sum + value(one), 0) / cases.length
}

function methodOf({ binary, clusters }: CaseOutcomes): ComparisonMethod {
  if (!binary) return 'sign-flip, tilted'
  return clusters === null ? 'mcnemar, tango' : 'sign-flip, clustered tango'
}

function drawsFor({ policy, smallestAlpha }: ComparisonSettings): number {
  return Math.min(MOST_DRAWS, Math.max(policy.resamples, Math.ceil(DRAWS_AT_ALPHA / smallestAlpha)))
}

/** Never below 1: a handful of clusters can look better than independent by chance, and the gate must not profit from it. */
function designEffect({ cases, clusters }: CaseOutcomes): number | null {
  if (clusters === null) return null
  const { designEffect: estimate } = clusteredStderr(
    cases.map((one) => one.after - one.before),
    cases.map((one) => one.cluster),
  )
  return Math.max(1, estimate)
}

interface Counts {
  readonly n: number
  readonly lost: number
  readonly gained: number
  readonly designEffect: number | null
  readonly clusters: number | null
}

function testLoss(outcomes: CaseOutcomes, { lost, gained }: Counts, resampling: Resampling): LossTest {
  const result = methodOf(outcomes) === 'mcnemar, tango' ? mcnemar(lost, gained) : signFlip(groupedChanges(outcomes), resampling)
  return { pLoss: result.pLoss, pGain: result.pGain }
}

/** Sums of change by cluster; in whole passes where every case has equally many repeats, so that they can be counted exactly. */
function groupedChanges({ cases, binary }: CaseOutcomes): number[] {
  const repeats = cases[0]?.repeats ?? 1
  const whole = binary || cases.every((one) => one.repeats === repeats && isWhole(one.before * repeats) && isWhole(one.after * repeats))
  const sums = new Map<string, number>()
  for (const one of cases) {
    const change = whole ? Math.round((one.after - one.before) * repeats) : one.after - one.before
    sums.set(one.cluster, (sums.get(one.cluster) ?? 0) + change)
  }
  return [...sums.values()]
}

/** Up to the rounding of an average: 2/3 of 3 repeats are 2 passes. */
function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9
}

interface MarginQuestion {
  readonly margin: number
  readonly alpha: number
}

function testMargin(outcomes: CaseOutcomes, counts: Counts, question: MarginQuestion): MarginTest {
  if (outcomes.cases.length === 0) return { pNonInferior: 1, interval: [-1, 1] }
  const { margin, alpha } = question
  if (!outcomes.binary) {
    const changes = clusterChanges(outcomes.cases)
    return { pNonInferior: tiltedNonInferiority(changes, margin).p, interval: tiltedInterval(changes, alpha) }
  }
  if (outcomes.clusters === null) return { pNonInferior: tangoNonInferiority(counts, margin).p, interval: tangoInterval(counts, alpha) }
  const clusters = clusterCounts(outcomes.cases)
  return { pNonInferior: clusteredTangoNonInferiority(clusters, margin).p, interval: clusteredTangoInterval(clusters, alpha) }
}

function clusterCounts(cases: readonly CaseOutcome[]): ClusterCounts[] {
  const clusters = new Map<string, { size: number; lost: number; gained: number }>()
  for (const one of cases) {
    const cluster = clusters.get(one.cluster) ?? { size: 0, lost: 0, gained: 0 }
    cluster.size++
    cluster.lost += Number(one.passedBefore && !one.passedAfter)
    cluster.gained += Number(!one.passedBefore && one.passedAfter)
    clusters.set(one.cluster, cluster)
  }
  return [...clusters.values()]
}

/** Changes by cluster, as the tilted test takes them. */
function clusterChanges(cases: readonly CaseOutcome[]): ClusterChanges[] {
  const clusters = new Map<string, number[]>()
  for (const one of cases) {
    const change = one.after - one.before
    const cluster = clusters.get(one.cluster)
    if (cluster === undefined) clusters.set(one.cluster, [change])
    else cluster.push(change)
  }
  return [...clusters.values()]
}
