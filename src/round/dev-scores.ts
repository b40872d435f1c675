/**
 * @file Dev grades of one eval as the gate would compare them: case by case, repeats averaged, ungraded cases left out and never counted as 0. And the
 * margins of a round, which rest on them.
 */
import { caseOutcomes, type CaseOutcome } from '../gate/case-outcomes.ts'
import { clusterKey } from '../gate/case-rules.ts'
import { pairGrades } from '../gate/pair-grades.ts'
import { effectiveMargin, type EffectiveMargin } from '../gate/relative-margin.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import { clusteredStderr } from '../stats/clustered-stderr.ts'
import type { Suite, SuiteEval } from '../suite/checked-suite.ts'
import { comparedAs, reducedGrades } from './evaluation/reduced-grades.ts'
import { allEvals } from './run-context.ts'

/** The cases that both models answered and that could be graded on both sides. */
export function devOutcomes(
  { eval: definition }: SuiteEval,
  { before, after }: { readonly before: readonly GradeRecord[]; readonly after: readonly GradeRecord[] },
): readonly CaseOutcome[] {
  const reduce = (records: readonly GradeRecord[]): ReturnType<typeof reducedGrades> =>
    reducedGrades(records, definition, definition.graded)
  const { pairs } = pairGrades(reduce(before), reduce(after), { mode: 'run', evalName: definition.name })
  return caseOutcomes(pairs, comparedAs(definition)).cases
}

/** Mean score of one model, as the gate would have it; null where nothing could be graded. */
export function devScore(entry: SuiteEval, records: readonly GradeRecord[]): number | null {
  return meanOf(devOutcomes(entry, { before: records, after: records }).map(({ after }) => after))
}

/** Standard error of a pass share over the cases of its clusters, and never 0: a full score of few cases is not certain. */
export function passStderr(records: readonly GradeRecord[]): number {
  const cases = new Map<string, { cluster: string; passed: number; graded: number }>()
  for (const { caseId, cluster, pass } of records) {
    if (pass === null) continue
    const known = cases.get(caseId) ?? { cluster: clusterKey(caseId, cluster), passed: 0, graded: 0 }
    cases.set(caseId, { ...known, passed: known.passed + Number(pass), graded: known.graded + 1 })
  }
  const rows = [...cases.values()]
  const count = rows.length
  if (count < 2) return 0.5
  const shares = rows.map(({ passed, graded }) => passed / graded)
  const smoothed = (shares.reduce((sum, share) => sum + share, 0) + 1) / (count + 2)
  const { clusteredStderr: clustered } = clusteredStderr(
    shares,
    rows.map(({ cluster }) => cluster),
  )
  return Math.max(clustered, Math.sqrt((smoothed * (1 - smoothed)) / (count + 2)))
}

/** Share of the cases of which no repeat could be graded. */
export function ungradedShare(records: readonly GradeRecord[]): number {
  const cases = new Set(records.map(({ caseId }) => caseId))
  const graded = new Set(records.flatMap(({ caseId, pass }) => (pass === null ? [] : [caseId])))
  return cases.size === 0 ? 0 : (cases.size - graded.size) / cases.size
}

/** Null for no values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Margins by eval name. */
export type RoundMargins = ReadonlyMap<string, EffectiveMargin>

/** Margins of all evals, fixed before a gate case is opened; `anchorScore` is what an eval's anchor scored on dev, null where it has no anchor yet. */
export function roundMargins(suite: Suite, anchorScore: (entry: SuiteEval) => number | null): RoundMargins {
  const marginOf = (entry: SuiteEval): EffectiveMargin =>
    effectiveMargin({ declared: entry.margin, chance: entry.eval.chance, anchorScore: anchorScore(entry) }, suite.gate)
  return new Map(allEvals(suite).map((entry) => [entry.eval.name, marginOf(entry)]))
}
