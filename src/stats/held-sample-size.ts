/**
 * @file How many cases a margin test needs to call a model HELD: from its variance if the margin were lost, not from the model's own, which is smaller.
 * By the latter 248 cases were to give 80 % at 10 % flips, and gave 77 %. Normal approximation, checked against exact power and by simulation.
 */
import { normalCdf, normalQuantile } from './normal.ts'
import type { TestDesign } from './sample-size.ts'
import { studentTQuantile } from './student-t.ts'
import { constrainedCounts } from './tango.ts'

/** What is expected to happen to a case, as moments of its change (after minus before). */
export interface ExpectedChange {
  /** Mean squared change: the flip rate where single passes are compared. */
  readonly square: number
  /** Mean change; 0 for a harmless model. */
  readonly mean: number
}

/** How cases come in clusters. Both are 1 where every case stands alone. */
export interface ClusterDesign {
  /** Variance of the mean change with clusters over that without. */
  readonly designEffect: number
  /** Mean cluster size as a case sees it: what the design effect would be if clusters were lost whole. */
  readonly wholeCluster: number
}

/** The test that is to show HELD: Tango's for single passes, the tilted one for graded and repeated scores. */
export interface MarginQuestion {
  readonly margin: number
  readonly test: 'tango' | 'tilted'
  readonly clusters: ClusterDesign
}

/** Cases that stand alone. */
export const ALONE: ClusterDesign = { designEffect: 1, wholeCluster: 1 }

/** Beyond this no number of cases is an answer. */
export const MOST_CASES = 1_000_000_000

/**
 * How clusters of these sizes are expected to count when the changes of two cases of one cluster correlate by `correlation`.
 * Source: Kish 1965 (Survey Sampling), with unequal cluster sizes weighted by their cases.
 */
export function expectedClusterDesign(clusterSizes: readonly number[], correlation: number): ClusterDesign {
  const cases = clusterSizes.reduce((sum, size) => sum + size, 0)
  if (cases === 0) return ALONE
  const wholeCluster = clusterSizes.reduce((sum, size) => sum + size * size, 0) / cases
  return { designEffect: 1 + (wholeCluster - 1) * correlation, wholeCluster }
}

/** The fewest cases with which HELD is as likely as the design's power; null where no number of them would do. */
export function heldSampleSize(change: ExpectedChange, question: MarginQuestion, design: TestDesign): number | null {
  const enough = (cases: number): boolean => heldPower(cases, { change, question, alpha: design.alpha }) >= design.power
  if (change.mean + question.margin <= 0 || !enough(MOST_CASES)) return null
  let [few, many] = [0, 1]
  while (!enough(many)) [few, many] = [many, many * 2]
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (enough(middle)) many = middle
    else few = middle
  }
  return many
}

interface Setting {
  readonly change: ExpectedChange
  readonly question: MarginQuestion
  readonly alpha: number
}

/** Chance that `cases` cases show HELD. */
function heldPower(cases: number, { change, question, alpha }: Setting): number {
  const { margin, test, clusters } = question
  const distance = change.mean + margin
  const lost = Math.max(0, (change.square - change.mean) / 2)
  // Losses that the hypothesis expects beyond those seen: as the seen ones cluster, and one more cluster that is lost whole.
  const { designEffect, wholeCluster } = clusters
  const unseenEffect = (cases * lost * designEffect + wholeCluster ** 2) / (cases * lost + wholeCluster)
  const underNull =
    test === 'tango' ? tangoVariance(change, margin, { designEffect, unseenEffect }) : tiltedVariance(change, question, unseenEffect)
  if (test === 'tilted' && (1 - distance) ** (cases / unseenEffect) > alpha) return 0
  const spread = Math.sqrt(Math.max(0, change.square - change.mean ** 2) * designEffect)
  const ahead = distance * Math.sqrt(cases) - criticalValue(alpha, cases / wholeCluster - 1, question) * Math.sqrt(underNull)
  if (spread === 0) return ahead >= 0 ? 1 : 0
  return normalCdf(ahead / spread)
}

/** Tango's z has a normal reference for cases that stand alone; everything else has Student's t. */
function criticalValue(alpha: number, degreesOfFreedom: number, { test, clusters }: MarginQuestion): number {
  if (test === 'tango' && clusters.wholeCluster === 1) return -normalQuantile(alpha)
  return degreesOfFreedom > 0 ? studentTQuantile(1 - alpha, degreesOfFreedom) : Number.POSITIVE_INFINITY
}

interface Effects {
  readonly designEffect: number
  readonly unseenEffect: number
}

/** As clustered-tango.ts has it of expected counts. */
function tangoVariance({ square, mean }: ExpectedChange, margin: number, { designEffect, unseenEffect }: Effects): number {
  const seen = { lost: Math.max(0, (square - mean) / 2), gained: Math.max(0, (square + mean) / 2) }
  const { lost, gained } = constrainedCounts({ n: 1, ...seen }, -margin)
  const unseen = Math.max(0, lost - seen.lost)
  const effect = ((lost - unseen + gained) * designEffect + unseen * unseenEffect) / (lost + gained)
  return (lost + gained - margin * margin) * Math.max(1, effect)
}

/** As tilted-margin.ts has it where losses are whole. */
function tiltedVariance({ square, mean }: ExpectedChange, { margin, clusters }: MarginQuestion, unseenEffect: number): number {
  const mixed = Math.min(1, (mean + margin) / (1 + mean))
  const { designEffect, wholeCluster } = clusters
  return (1 - mixed) * square * designEffect + mixed * unseenEffect - wholeCluster * margin * margin
}
