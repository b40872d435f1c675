/**
 * @file Says in one sentence what the numbers of an eval mean. Words only: no rule stands here.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { ComparisonNumbers, EvalFlags, EvalUnderGate, EvalVerdictName } from './verdict.ts'

/** What a sentence is made from. */
export interface SentenceParts {
  readonly evaluated: Pick<
    EvalUnderGate,
    'name' | 'role' | 'blocking' | 'advisoryReason' | 'margin' | 'relativeMargin' | 'minEffect' | 'chance'
  >
  readonly verdict: EvalVerdictName
  readonly flags: EvalFlags
  /** The comparison that decided. */
  readonly numbers: ComparisonNumbers
  readonly alpha: number
  readonly neededN: number | null
}

/** For example: `refill REGRESSED against parent: -7.3 points [90 % CI -12.3, -3.1], p = 0.025 after Holm, 14 lost, 3 gained of 150`. */
export function verdictSentence(parts: SentenceParts): string {
  const { verdict, flags, numbers } = parts
  const name = quoteUntrusted(parts.evaluated.name).slice(1, -1)
  const state = flags.missed ? 'MISSED' : verdict
  const tails = [ending(parts), marginText(parts), standing(parts)].filter((tail) => tail !== '')
  return [`${name} ${state} against ${numbers.baseline}: ${measured(parts)}`, ...tails].join('; ')
}

/** Why an eval that the suite left out decides nothing. */
export const NOT_BLOCKING = 'declared as not blocking'

function measured({ verdict, flags, numbers, alpha }: SentenceParts): string {
  const confidence = Math.round((1 - 2 * alpha) * 100)
  const interval = `[${confidence} % CI ${points(numbers.interval[0])}, ${points(numbers.interval[1])}]`
  const counts = `${numbers.lost} lost, ${numbers.gained} gained of ${numbers.n}`
  return `${points(numbers.difference)} points ${interval}, ${deciding(verdict, flags, numbers)}, ${counts}`
}

function deciding(verdict: EvalVerdictName, flags: EvalFlags, numbers: ComparisonNumbers): string {
  if (verdict === 'IMPROVED' || flags.missed) return `p = ${probability(numbers.pGain)} for a gain`
  if (verdict === 'REGRESSED') {
    return numbers.pLossHolm === null ? `p = ${probability(numbers.pLoss)}` : `p = ${probability(numbers.pLossHolm)} after Holm`
  }
  return `p = ${probability(numbers.pNonInferior)} against a loss of the margin`
}

function ending({ evaluated, verdict, flags, numbers, neededN }: SentenceParts): string {
  const { margin, minEffect } = evaluated
  if (flags.overErrorBudget)
    return `${numbers.errors} pairs could not be graded (${percent(numbers.errorShare)}), more than the error budget`
  if (flags.missed) return `the declared minimum gain is ${plainPoints(minEffect)} points`
  if (flags.overHardLimit) return 'the loss is beyond the hard limit'
  if (verdict === 'INCONCLUSIVE' && flags.noReserve)
    return `the parent's score is not above chance by the margin of ${plainPoints(margin)} points`
  if (flags.smallButReal) return `the loss is proven and smaller than the margin of ${plainPoints(margin)} points`
  return neededN === null ? '' : `about ${neededN} cases would settle it at this flip rate`
}

/** Said wherever the margin was not the declared one. */
function marginText({ evaluated, flags, verdict }: SentenceParts): string {
  const { relativeMargin: relative, margin, chance } = evaluated
  if (relative === undefined || verdict === 'IMPROVED' || flags.missed) return ''
  const above = chance === 0 ? '' : `, of which ${percent(chance)} is chance`
  return (
    `the margin is ${plainPoints(margin)} points and not ${plainPoints(relative.declared)}: ` +
    `${plainPoints(relative.share)} % of the anchor's ${percent(relative.anchorScore)} on dev${above}`
  )
}

/** What the verdict of an old eval does not do. */
function standing({ evaluated: { role, blocking, advisoryReason }, verdict }: SentenceParts): string {
  if (role !== 'old') return ''
  if (!blocking) return `${NOT_BLOCKING}, so it decides nothing`
  return advisoryReason === undefined || verdict === 'REGRESSED' ? '' : `advisory: ${advisoryReason}`
}

/** A share in percentage points with its sign: -0.0733 is "-7.3". */
export function points(share: number): string {
  const rounded = (Math.round(share * 1000) / 10).toFixed(1)
  return rounded === '-0.0' || rounded === '0.0' ? '0.0' : share > 0 ? `+${rounded}` : rounded
}

function plainPoints(share: number): string {
  return String(Math.round(share * 1000) / 10)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function probability(p: number): string {
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3)
}
