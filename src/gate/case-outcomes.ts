/**
 * @file From pairs to cases: repeats are averaged within their case first, ungraded pairs are left out and counted, clusters are named.
 */
import { casePassed, clusterKey } from './case-rules.ts'
import type { EvalUnderGate, PairedGrade } from './verdict.ts'

/** One case on both sides, averaged over its usable repeats. */
export interface CaseOutcome {
  readonly caseId: string
  /** Equal for cases of one cluster, unique for a case without one. */
  readonly cluster: string
  readonly before: number
  readonly after: number
  /** Usable repeats. */
  readonly repeats: number
  /** Whether at least half of the usable repeats passed: a tie counts as passed, on both sides. */
  readonly passedBefore: boolean
  readonly passedAfter: boolean
}

/** All cases of one comparison. */
export interface CaseOutcomes {
  readonly cases: readonly CaseOutcome[]
  /** Whether each case is one pass or fail on each side. */
  readonly binary: boolean
  /** Number of clusters, or null where every case stands alone. */
  readonly clusters: number | null
  readonly pairCount: number
  readonly errors: number
  /** Mean difference if every ungraded pair were a loss: a missing "before" a full score, a missing "after" none. */
  readonly worstDifference: number
}

/** Groups the pairs of one comparison into cases. `graded` compares rewards instead of passes. */
export function caseOutcomes(pairs: readonly PairedGrade[], { graded, repeats }: Pick<EvalUnderGate, 'graded' | 'repeats'>): CaseOutcomes {
  const byCase = new Map<string, Accumulator>()
  let errors = 0
  let worst = 0
  for (const pair of pairs) {
    const before = graded ? pair.before : score(pair.passBefore)
    const after = graded ? pair.after : score(pair.passAfter)
    worst += (after ?? 0) - (before ?? 1)
    if (before === null || after === null) errors++
    else accumulate(byCase, pair, [before, after])
  }
  // In the order of ids, so that seeded draws do not depend on the order in which grades were written.
  const cases = [...byCase].map(([caseId, sums]) => close(caseId, sums)).toSorted((one, other) => (one.caseId < other.caseId ? -1 : 1))
  const clusters = new Set(cases.map((one) => one.cluster)).size
  return {
    cases,
    binary: !graded && repeats === 1 && cases.every((one) => one.repeats === 1),
    clusters: clusters === cases.length ? null : clusters,
    pairCount: pairs.length,
    errors,
    worstDifference: pairs.length === 0 ? 0 : worst / pairs.length,
  }
}

/** Whether a case passed before and fails now: what "lost" means in every verdict and report. */
export function wasLost({ passedBefore, passedAfter }: CaseOutcome): boolean {
  return passedBefore && !passedAfter
}

/** Ids of the cases that were lost, in the order of ids. */
export function lostCaseIds(pairs: readonly PairedGrade[], evaluated: Pick<EvalUnderGate, 'graded' | 'repeats'>): string[] {
  return caseOutcomes(pairs, evaluated)
    .cases.filter(wasLost)
    .map(({ caseId }) => caseId)
}

interface Accumulator {
  readonly cluster: string
  before: number
  after: number
  repeats: number
  passesBefore: number
  passesAfter: number
}

function score(passed: boolean | null): number | null {
  return passed === null ? null : Number(passed)
}

function accumulate(byCase: Map<string, Accumulator>, pair: PairedGrade, [before, after]: readonly [number, number]): void {
  let sums = byCase.get(pair.caseId)
  if (sums === undefined) {
    const cluster = clusterKey(pair.caseId, pair.cluster)
    sums = { cluster, before: 0, after: 0, repeats: 0, passesBefore: 0, passesAfter: 0 }
    byCase.set(pair.caseId, sums)
  }
  sums.before += before
  sums.after += after
  sums.repeats++
  sums.passesBefore += Number(pair.passBefore === true)
  sums.passesAfter += Number(pair.passAfter === true)
}

function close(caseId: string, sums: Accumulator): CaseOutcome {
  return {
    caseId,
    cluster: sums.cluster,
    before: sums.before / sums.repeats,
    after: sums.after / sums.repeats,
    repeats: sums.repeats,
    passedBefore: casePassed(sums.passesBefore, sums.repeats),
    passedAfter: casePassed(sums.passesAfter, sums.repeats),
  }
}
