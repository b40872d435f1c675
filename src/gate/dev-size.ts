/**
 * @file Judges before training whether an eval has enough dev cases for the choice of a checkpoint, at which every old eval must keep its own score within
 * its own margin: with few cases chance alone puts harmless checkpoints outside.
 */
import { formatParts } from '../base/errors.ts'
import type { ErrorParts } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { expectedClusterDesign } from '../stats/held-sample-size.ts'
import { normalCdf, normalQuantile } from '../stats/normal.ts'

/** An eval's dev cases as declared. */
export interface DevSet {
  readonly evalName: string
  /** Dev cases that grade a checkpoint, by the size of the clusters they come in. */
  readonly clusterSizes: readonly number[]
  readonly clusterCorrelation: number
  readonly margin: number
  readonly expectedFlips: number
  readonly casesPath: string
}

/** A warning value, in the three parts of an error; `text` is the whole message. */
export interface DevTooSmall extends ErrorParts {
  readonly code: 'DEV_TOO_SMALL'
  readonly text: string
}

/** Share of harmless checkpoints that one eval may call ineligible by chance. */
const MOST_INELIGIBLE = 0.1

/** Null where the dev cases are enough. */
export function judgeDevSize(dev: DevSet): DevTooSmall | null {
  const cases = dev.clusterSizes.reduce((sum, size) => sum + size, 0)
  const { designEffect } = expectedClusterDesign(dev.clusterSizes, dev.clusterCorrelation)
  const variance = dev.expectedFlips * designEffect
  const ineligible = variance === 0 ? 0 : normalCdf(-dev.margin * Math.sqrt(cases / variance))
  if (ineligible <= MOST_INELIGIBLE) return null
  const needed = Math.ceil(variance * (normalQuantile(MOST_INELIGIBLE) / dev.margin) ** 2)
  const parts = {
    code: 'DEV_TOO_SMALL' as const,
    summary:
      `Eval ${quoteUntrusted(dev.evalName)} has ${cases} dev ${cases === 1 ? 'case' : 'cases'} to choose checkpoints by: ` +
      `${Math.round(ineligible * 100)} % of checkpoints that lost nothing look by chance as if they had lost more than its ${Math.round(dev.margin * 1000) / 10}-point margin`,
    where: dev.casesPath,
    fix: `add dev cases, and devCases where it says fewer (about ${needed} make it ${MOST_INELIGIBLE * 100} %)`,
  }
  return { ...parts, text: formatParts(parts) }
}
