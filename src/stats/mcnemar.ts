/**
 * @file McNemar's exact test on paired passes and fails. Only the pairs that changed speak; it can prove a loss and can never prove that nothing was lost.
 */
import { regularizedIncompleteBeta } from './incomplete-beta.ts'
import { logChoose } from './log-gamma.ts'

/** Exact p-values of McNemar's test. */
export interface McnemarResult {
  /** One-sided p of "more were lost than gained". */
  readonly pLoss: number
  /** One-sided p of "more were gained than lost". */
  readonly pGain: number
  readonly pTwoSided: number
  /** Two-sided mid-p: less conservative, not exact. */
  readonly pMid: number
}

/**
 * Tests `lost` (pass before, fail after) against `gained` (fail before, pass after). No changed pair gives p = 1.
 * Source: McNemar 1947 with the binomial reference; mid-p as in Fagerland, Lydersen and Laake 2013.
 */
export function mcnemar(lost: number, gained: number): McnemarResult {
  const changed = lost + gained
  if (changed === 0) return { pLoss: 1, pGain: 1, pTwoSided: 1, pMid: 1 }
  const pLoss = fairCoinUpperTail(lost, changed)
  const pGain = fairCoinUpperTail(gained, changed)
  const pTwoSided = Math.min(1, 2 * Math.min(pLoss, pGain))
  const pPoint = Math.exp(logChoose(changed, lost) - changed * Math.LN2)
  // Where both sides are equal the two tails overlap in that point, and mid-p is 1.
  const pMid = lost === gained ? 1 : 2 * Math.min(pLoss, pGain) - pPoint
  return { pLoss, pGain, pTwoSided, pMid }
}

/** P(X >= successes) for `trials` tosses of a fair coin. */
export function fairCoinUpperTail(successes: number, trials: number): number {
  if (successes <= 0) return 1
  if (successes > trials) return 0
  return regularizedIncompleteBeta(0.5, successes, trials - successes + 1)
}
