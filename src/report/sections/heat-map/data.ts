/**
 * @file The rounds by evals matrix of each arm: the pass share of each round's candidate on every eval, future ones included, with the
 * change against the model it was tuned from. Computed from the grades themselves, so it exists for rounds without a verdict too.
 */
import { z } from 'zod'
import type { PlannedEval } from '../../../ledger/run-records.ts'
import { lineageOf } from '../../lineage.ts'
import type { TracedRun } from '../../lineage.ts'
import { figure } from '../../number-schema.ts'
import { outcomeSchema } from '../../outcome-mark.ts'
import type { GradesByEval, KeptGrade } from '../../recorded-run.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'

/** Pass shares of one model on one eval, and the change against the row's parent. */
const matrixCellSchema = z.strictObject({
  eval: z.string(),
  passShare: figure,
  change: figure,
  n: z.int(),
  /** What the eval is to the row's round; the name is report.json's from its first version on. `diagonal`: the round's own feature. `future`: the app does not have this feature yet. */
  place: z.enum(['diagonal', 'past', 'future', 'retention']),
})

const matrixSchema = z.strictObject({
  arm: z.string(),
  rows: z.array(
    z.strictObject({
      label: z.string(),
      round: z.string().nullable(),
      outcome: outcomeSchema.nullable(),
      cells: z.array(matrixCellSchema),
    }),
  ),
})

export type MatrixCell = z.infer<typeof matrixCellSchema>
/** What an eval is to a round. */
export type Standing = MatrixCell['place']
type ReportedMatrix = z.infer<typeof matrixSchema>

const shape = { matrices: z.array(matrixSchema) }

export type HeatMapMembers = Members<typeof shape>

export const heatMapData = documentPart(shape, (run): HeatMapMembers => ({
  matrices: run.plan.arms.map((arm) => passMatrix(run, arm.name)),
}))

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
function passMatrix(run: TracedRun, arm: string): ReportedMatrix {
  const features = run.plan.rounds.map((round) => round.feature)
  const base = { label: run.plan.compared?.parent.name ?? 'base', round: null, outcome: null }
  const baseCells = run.plan.evals.map((each) => cell(each, { grades: run.baseGrades, parent: null }, standingOf(each, features, -1)))
  const rows = lineageOf(run, arm).map((entry, at) => {
    const sides = { grades: entry.recorded.grades, parent: entry.parent?.grades ?? run.baseGrades }
    const cells = run.plan.evals.map((each) => cell(each, sides, standingOf(each, features, at)))
    return { label: entry.recorded.round, round: entry.recorded.round, outcome: entry.outcome, cells }
  })
  return { arm, rows: [{ ...base, cells: baseCells }, ...rows] }
}

function cell(planned: PlannedEval, sides: { grades: GradesByEval; parent: GradesByEval | null }, standing: Standing): MatrixCell {
  const { share, n } = passShare(sides.grades.gate.get(planned.name))
  const before = passShare(sides.parent?.gate.get(planned.name)).share
  return { eval: planned.name, passShare: share, change: share === null || before === null ? null : share - before, n, place: standing }
}

function standingOf(planned: PlannedEval, features: readonly (string | null)[], row: number): Standing {
  if (planned.kind === 'retention') return 'retention'
  const learnedAt = features.indexOf(planned.name)
  if (learnedAt === -1) return 'past'
  if (learnedAt === row) return 'diagonal'
  return learnedAt < row ? 'past' : 'future'
}
