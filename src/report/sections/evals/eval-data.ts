/**
 * @file One eval of one arm's round from its records. Numbers are the gate's own; only pass shares of twins are computed here, and lost cases in runs
 * that did not record them.
 */
import { lostCaseIds } from '../../../gate/case-outcomes.ts'
import { clusterKey } from '../../../gate/case-rules.ts'
import { twinGap } from '../../../gate/twin-gap.ts'
import type { ComparisonRecord, EvalVerdictRecord } from '../../../ledger/verdict-record.ts'
import type { LineageRound } from '../../lineage.ts'
import type { KeptGrade, RecordedRun } from '../../recorded-run.ts'
import type { ReportedBaseline, ReportedEval } from './reported-eval.ts'

/** One eval's verdict with its lost cases and its twins, which are counted here from the grades. */
export function evalOf(verdict: EvalVerdictRecord, entry: LineageRound, run: RecordedRun): ReportedEval {
  const before = (entry.parent?.grades ?? run.baseGrades).gate.get(verdict.name)
  const flags = Object.keys(verdict.flags).filter((flag) => verdict.flags[flag] === true)
  const { advisoryReason, mustHold, lostCases, ...rest } = verdict
  return {
    ...rest,
    mustHold: mustHold ?? (verdict.blocking && verdict.role === 'old'),
    advisoryReason: advisoryReason ?? null,
    flags,
    baselines: verdict.baselines.map(baselineOf),
    lostCases: [...(lostCases ?? lostBetween(before ?? [], entry.recorded.grades.gate.get(verdict.name) ?? []))],
    ...twinsOf(verdict.name, entry, run),
  }
}

function baselineOf({
  errorShare: _share,
  worstDifference: _worst,
  meanSquaredChange: _square,
  ...shown
}: ComparisonRecord): ReportedBaseline {
  return shown
}

/** Cases of the gate that have twins against these, on the candidate. */
function twinsOf(name: string, { recorded }: LineageRound, run: RecordedRun): Pick<ReportedEval, 'twins'> {
  const { gate, twin } = recorded.grades
  const shares = passShares([...(gate.get(name) ?? []), ...(twin.get(name) ?? [])])
  const rows = (run.cases.get(name) ?? []).filter(({ id }) => shares.has(id))
  const gap = twinGap(
    rows.map(({ id, twinOf, cluster }) => ({
      caseId: id,
      twinOf,
      cluster: clusterKey(id, cluster),
      share: shares.get(id) ?? null,
    })),
  )
  return gap === null ? {} : { twins: gap }
}

/** Share of passing repeats by case id, of those that could be graded. */
function passShares(grades: readonly KeptGrade[]): ReadonlyMap<string, number> {
  const counts = new Map<string, { passed: number; graded: number }>()
  for (const { caseId, pass } of grades) {
    if (pass === null) continue
    const { passed, graded } = counts.get(caseId) ?? { passed: 0, graded: 0 }
    counts.set(caseId, { passed: passed + Number(pass), graded: graded + 1 })
  }
  return new Map([...counts].map(([caseId, { passed, graded }]) => [caseId, passed / graded]))
}

/** Lost cases of a run that did not record them, by the gate's own rule. */
function lostBetween(before: readonly KeptGrade[], after: readonly KeptGrade[]): string[] {
  const known = new Map(before.map((grade) => [`${grade.repeat} ${grade.caseId}`, grade]))
  const pairs = after.flatMap(({ caseId, repeat, reward, pass }) => {
    const first = known.get(`${repeat} ${caseId}`)
    const sides = { before: first?.reward ?? null, passBefore: first?.pass ?? null, after: reward, passAfter: pass }
    return first === undefined ? [] : [{ caseId, repeat, cluster: null, ...sides }]
  })
  return lostCaseIds(pairs, { graded: false, repeats: 1 })
}

const SEVERITY: Readonly<Record<ReportedEval['verdict'], number>> = { REGRESSED: 0, INCONCLUSIVE: 1, HELD: 3, IMPROVED: 4 }

/** Target first when it failed; then what blocks, worst verdict and largest loss first; what decides nothing last. */
export function worstFirst(a: ReportedEval, b: ReportedEval): number {
  return rank(a) - rank(b) || (a.difference ?? 0) - (b.difference ?? 0) || (a.name < b.name ? -1 : 1)
}

function rank(each: ReportedEval): number {
  if (each.role === 'future' || each.role === 'none') return 20
  return SEVERITY[each.verdict] + (each.blocking ? 0 : 10)
}
