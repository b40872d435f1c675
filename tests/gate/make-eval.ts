/** @file Builds paired grades with exactly the wanted losses and gains, and evals around them, for the gate's tests. */
import { gatePolicySchema } from '../../src/gate/policy.ts'
import type { GatePolicy, GatePolicyInput } from '../../src/gate/policy.ts'
import type { Baseline, EvalComparison, EvalUnderGate, PairedGrade } from '../../src/gate/verdict.ts'

export interface PairCounts {
  readonly n: number
  readonly lost: number
  readonly gained: number
  /** Cases that pass before; default 80 %. */
  readonly passedBefore?: number
  /** Cases whose "after" could not be graded, taken from those that would be kept. */
  readonly ungraded?: number
  /** Cases to a cluster; 1 leaves every case alone. */
  readonly clusterSize?: number
}

/** Case i passes before when i < passedBefore; the first of those are lost, the first of the others gained. */
export function pairs({ n, lost, gained, passedBefore = Math.round(0.8 * n), ungraded = 0, clusterSize = 1 }: PairCounts): PairedGrade[] {
  return Array.from({ length: n }, (_, i) => {
    const passBefore = i < passedBefore
    const flips = passBefore ? i < lost : i - passedBefore < gained
    const passAfter = passBefore && i >= passedBefore - ungraded ? null : passBefore !== flips
    const after = passAfter === null ? null : Number(passAfter)
    const cluster = clusterSize === 1 ? null : `c${Math.floor(i / clusterSize)}`
    return { caseId: `case-${i}`, repeat: 0, cluster, before: Number(passBefore), after, passBefore, passAfter }
  })
}

export function comparison(evalName: string, baseline: Baseline, pairsOf: readonly PairedGrade[]): EvalComparison {
  return { evalName, baseline, pairs: pairsOf }
}

/** An eval compared with its parent (and anchor, where counts for one are given). */
export function evalOf(
  name: string,
  counts: PairCounts,
  changes: Partial<EvalUnderGate> & { readonly anchorCounts?: PairCounts } = {},
): EvalUnderGate {
  const { anchorCounts, ...rest } = changes
  const anchor = anchorCounts === undefined ? undefined : comparison(name, 'anchor', pairs(anchorCounts))
  return {
    name,
    role: 'old',
    blocking: true,
    margin: 0.05,
    minEffect: 0.05,
    expectedFlips: 0.1,
    chance: 0,
    repeats: 1,
    graded: false,
    comparisons: { parent: comparison(name, 'parent', pairs(counts)), anchor },
    ...rest,
  }
}

export function policyOf(settings: GatePolicyInput = {}): GatePolicy {
  return gatePolicySchema.parse(settings)
}
