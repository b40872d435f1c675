/**
 * @file The relative margin: five points of an eval that scores 12 % are 40 % of it. Where a suite declares a share, a low-scoring eval may lose at most
 * that share of what its anchor has above chance on dev cases. Fixed from dev scores, so no gate case decides by how much it is judged.
 */
import type { GatePolicy } from './policy.ts'
import type { RelativeMargin } from './verdict.ts'

/** The margin that an eval is judged at, and where it comes from when it is not the declared one. */
export interface EffectiveMargin {
  readonly margin: number
  readonly relativeMargin?: RelativeMargin
}

/** What an eval declares, and what its anchor scored on dev cases; null where nothing was graded. */
export interface MarginSource {
  readonly declared: number
  readonly chance: number
  readonly anchorScore: number | null
}

/** min(declared, share of (score - chance)), for anchors below the policy's level; at or below chance nothing may be lost. */
export function effectiveMargin(
  { declared, chance, anchorScore }: MarginSource,
  { relativeMargin: share, relativeMarginBelow }: Pick<GatePolicy, 'relativeMargin' | 'relativeMarginBelow'>,
): EffectiveMargin {
  if (share === null || anchorScore === null || anchorScore >= relativeMarginBelow) return { margin: declared }
  const margin = share * Math.max(0, anchorScore - chance)
  return margin >= declared ? { margin: declared } : { margin, relativeMargin: { declared, share, anchorScore } }
}
