/**
 * @file The seed of one completion in a grading.
 */
import { deriveSeed } from '../base/seeded-random.ts'

/**
 * A 32-bit seed from suite seed, eval, case and repeat. It does not depend on arm, round or model, so that parent and candidate draw with the same
 * numbers and differ only where the models do.
 */
export function rowSeed(
  suiteSeed: number | string,
  row: { readonly evalName: string; readonly caseId: string; readonly repeat: number },
): number {
  return deriveSeed(suiteSeed, 'row', row.evalName, row.caseId, row.repeat)
}
