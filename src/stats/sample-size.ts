/**
 * @file How many cases a question needs, and what a given number of cases can answer. Normal approximations, checked against exact power.
 */
import { normalQuantile } from './normal.ts'

/** Error rates of a one-sided test. */
export interface TestDesign {
  /** One-sided error rate, 0.05 as a rule. */
  readonly alpha: number
  /** Chance to see what is there, 0.8 as a rule. */
  readonly power: number
}

function zSum({ alpha, power }: TestDesign): number {
  return -normalQuantile(alpha) + normalQuantile(power)
}

/**
 * Cases with which McNemar's one-sided test sees a difference of `difference` when a share `flips` of the cases changes.
 * Source: Connor 1987 (Biometrics 43:207-211).
 */
export function mcnemarSampleSize(flips: number, difference: number, design: TestDesign): number {
  const changed = Math.max(flips, Math.abs(difference))
  const underNull = -normalQuantile(design.alpha) * Math.sqrt(changed)
  const underDifference = normalQuantile(design.power) * Math.sqrt(changed - difference * difference)
  return Math.ceil(((underNull + underDifference) / difference) ** 2)
}

/**
 * Cases with which a harmless model is shown to have lost less than `margin` when a share `flips` of the cases changes either way.
 * Never below what Tango's test needs when nothing changes at all.
 */
export function nonInferioritySampleSize(flips: number, margin: number, design: TestDesign): number {
  const fromFlips = (zSum(design) ** 2 * flips) / margin ** 2
  return Math.ceil(Math.max(fromFlips, quietSampleSize(margin, design.alpha)))
}

/** Cases without a single change at which Tango's z at the margin, sqrt(n margin / (1 - margin)), reaches its critical value. */
function quietSampleSize(margin: number, alpha: number): number {
  return (normalQuantile(alpha) ** 2 * (1 - margin)) / margin
}
