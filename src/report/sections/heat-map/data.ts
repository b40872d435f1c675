/**
 * @file The rounds by evals matrix of one arm: the pass share of each round's candidate on every eval, future ones included, with the
 * change against the model it was tuned from. Computed from the grades themselves, so it exists for rounds without a verdict too.
 */
import type { PlannedEval } from '../../../ledger/run-records.ts'
import type { LineageRound } from '../../lineage.ts'
import type { GradesByEval, KeptGrade, RecordedRun } from '../../recorded-run.ts'
import type { MatrixCell, ReportedMatrix } from '../../document.ts'

/** Share of graded completions that passed, and how many there were; a share of nothing is null. */
export function passShare(grades: readonly KeptGrade[] | undefined): { share: number | null; n: number } {
  let passed = 0
  let n = 0
  for (const grade of grades ?? []) {
    if (grade.pass === null) continue
    n += 1
    if (grade.pass) passed += 1
  }
  return { share: n === 0 ? null : passed / n, n }
}

/** The matrix of one arm: the base's row, then one row a round. */
export function passMatrix(run: RecordedRun, arm: string, lineage: readonly LineageRound[]): ReportedMatrix {
  const features = run.plan.rounds.map((round) => round.feature)
  const base = { label: run.plan.compared?.parent.name ?? 'base', round: null, outcome: null }
  const baseCells = run.plan.evals.map((each) => cell(each, { grades: run.baseGrades, parent: null }, placeOf(each, features, -1)))
  const rows = lineage.map((entry, at) => {
    const sides = { grades: entry.recorded.grades, parent: entry.parent?.grades ?? run.baseGrades }
    const cells = run.plan.evals.map((each) => cell(each, sides, placeOf(each, features, at)))
    return { label: entry.recorded.round, round: entry.recorded.round, outcome: entry.outcome, cells }
  })
  return { arm, rows: [{ ...base, cells: baseCells }, ...rows] }
}

function cell(planned: PlannedEval, sides: { grades: GradesByEval; parent: GradesByEval | null }, place: MatrixCell['place']): MatrixCell {
  const { share, n } = passShare(sides.grades.gate.get(planned.name))
  const before = passShare(sides.parent?.gate.get(planned.name)).share
  return { eval: planned.name, passShare: share, change: share === null || before === null ? null : share - before, n, place }
}

function placeOf(planned: PlannedEval, features: readonly (string | null)[], row: number): MatrixCell['place'] {
  if (planned.kind === 'retention') return 'retention'
  const learnedAt = features.indexOf(planned.name)
  if (learnedAt === -1) return 'past'
  if (learnedAt === row) return 'diagonal'
  return learnedAt < row ? 'past' : 'future'
}
