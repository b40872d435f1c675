/**
 * @file Judges before training whether an eval has enough gate cases for its margin. Uses declared figures only: judged by the candidate's own flips,
 * a wrecked model would disarm its gate.
 */
import { bisect } from '../stats/bisect.ts'
import { formatParts } from '../base/errors.ts'
import type { ErrorParts } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { expectedClusterDesign, heldSampleSize, MOST_CASES } from '../stats/held-sample-size.ts'
import type { MarginQuestion } from '../stats/held-sample-size.ts'

/** An eval's gate set as declared. */
export interface GateSet {
  readonly evalName: string
  /** Gate cases, by the size of the clusters they come in; a case that stands alone is a cluster of one. */
  readonly clusterSizes: readonly number[]
  readonly clusterCorrelation: number
  readonly margin: number
  readonly expectedFlips: number
  readonly test: MarginQuestion['test']
  /** Blocking old evals times their blocking baselines, in the round that has most: each must pass for the round to be ACCEPTED. */
  readonly comparisons: number
  readonly alpha: number
  /** Chance that a harmless round is ACCEPTED. */
  readonly power: number
  /** Where the cases stand, for the message. */
  readonly casesPath: string
  /** For example `r3/grpo`; leave out when the size is judged for the whole suite. */
  readonly round?: string | undefined
}

/** A warning value, in the three parts of an error; `text` is the whole message. */
export interface GateTooSmall extends ErrorParts {
  readonly code: 'GATE_TOO_SMALL'
  readonly text: string
}

/** Whether a gate set can carry its margin. */
export interface GateSize {
  /** So small that the eval by itself would not be HELD in half of the harmless rounds: HELD is not demanded of it. */
  readonly advisory: boolean
  /** Cases with which a harmless round is ACCEPTED with the declared chance, if every eval has as many for its margin. */
  readonly neededN: number
  /** The smallest margin, as a share, that the cases do support. */
  readonly supportedMargin: number
  readonly warning: GateTooSmall | null
}

/** Below this chance of HELD for a harmless model, demanding it would say more about the number of cases than about the model. */
const ADVISORY_BELOW = 0.5

/** Judges a gate set at the declared flips, clusters and number of comparisons. */
export function judgeGateSize(gate: GateSet): GateSize {
  const cases = gate.clusterSizes.reduce((sum, size) => sum + size, 0)
  const power = gate.power ** (1 / Math.max(1, gate.comparisons))
  const neededN = casesFor(gate, gate.margin, power)
  const supportedMargin = bisect([0, 1], (margin) => casesFor(gate, margin, power) > cases)
  const advisory = cases < casesFor(gate, gate.margin, ADVISORY_BELOW)
  const warning = cases < neededN ? warn(gate, { cases, neededN, supportedMargin, advisory }) : null
  return { advisory, neededN, supportedMargin, warning }
}

/** Cases with which one comparison of a harmless model is HELD with the chance `power`, in clusters like those declared. */
function casesFor({ clusterSizes, clusterCorrelation, expectedFlips, test, alpha }: GateSet, margin: number, power: number): number {
  const clusters = expectedClusterDesign(clusterSizes, clusterCorrelation)
  return heldSampleSize({ square: expectedFlips, mean: 0 }, { margin, test, clusters }, { alpha, power }) ?? MOST_CASES
}

interface Shortage extends Omit<GateSize, 'warning'> {
  readonly cases: number
}

function warn(gate: GateSet, { cases, neededN, supportedMargin, advisory }: Shortage): GateTooSmall {
  const round = gate.round === undefined ? '' : ` in round ${quoteUntrusted(gate.round)}`
  const have = `${cases} gate ${cases === 1 ? 'case' : 'cases'}`
  const state = advisory ? `is advisory${round}: it has ${have}` : `has ${have}${round}`
  const rounds = `${percent(gate.power)} % of harmless rounds to be ACCEPTED`
  const parts = {
    code: 'GATE_TOO_SMALL' as const,
    summary:
      `Eval ${quoteUntrusted(gate.evalName)} ${state}, a ${percent(gate.margin)}-point margin needs about ${roundUp(neededN)} ` +
      `at the declared ${percent(gate.expectedFlips)} % flips for ${rounds}${basis(gate)}`,
    where: gate.casesPath,
    fix:
      `add gate cases, or widen the margin of this eval ` +
      `(${cases} ${cases === 1 ? 'case supports' : 'cases support'} about ${Math.ceil(supportedMargin * 100 - 0.5)} points)`,
  }
  return { ...parts, text: formatParts(parts) }
}

/** What the number rests on besides margin and flips. */
function basis({ comparisons, clusterSizes, clusterCorrelation }: GateSet): string {
  const { designEffect } = expectedClusterDesign(clusterSizes, clusterCorrelation)
  const parts = [
    ...(comparisons > 1 ? [`${comparisons} comparisons must all pass`] : []),
    ...(designEffect > 1.005 ? [`clusters cost ${designEffect.toFixed(2)} times the cases`] : []),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function percent(share: number): string {
  return String(Math.round(share * 1000) / 10)
}

/** To two digits, upwards: 248 is "about 250". */
function roundUp(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1)
  return Math.ceil(n / unit) * unit
}
