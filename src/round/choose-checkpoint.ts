/**
 * @file Grades a training's checkpoints on dev cases and chooses the candidate. The parent is graded on the same cases first, as step 0; every old eval
 * that can block is compared with it case by case, on as many dev cases as the feature itself. The gate set is not touched.
 */
import { join } from 'node:path'
import { armDirectory, CANDIDATE_FILE, checkpointFolder } from '../ledger/run-layout.ts'
import type { CandidateChoice } from '../ledger/run-records.ts'
import type { SuiteEval } from '../suite/checked-suite.ts'
import type { TrainingCheckpoint } from '../trainer/trainer.ts'
import { devOutcomes, devScore, meanOf, passStderr, ungradedShare, type RoundMargins } from './dev-scores.ts'
import { devTask, gradeModel } from './grade-model.ts'
import { passShare, recordsOf, type GradeSet } from './grade-set.ts'
import type { Candidate } from './lineage.ts'
import { baseAnswers, KL_PROMPTS } from './measure-kl.ts'
import { pickCheckpoint, type MeasuredCheckpoint } from './pick-checkpoint.ts'
import { allEvals, type RunContext } from './run-context.ts'
import type { ArmRound } from './arm-round.ts'

/** What the choice needs to know of the lineage: features that were accepted, the base's dev grades, the margins of the round. */
export interface ChoiceContext {
  readonly acceptedFeatures: readonly string[]
  readonly baseDev: GradeSet
  readonly margins: RoundMargins
}

type Checkpoint = Omit<TrainingCheckpoint, 'adapter'> & { readonly adapter: string | null }

/** The chosen checkpoint as an adapter; the choice with all numbers is written to the run. */
export async function chooseCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  work: { readonly checkpoints: readonly TrainingCheckpoint[]; readonly lineage: ChoiceContext },
): Promise<Candidate> {
  const { round, arm, parent } = armRound
  const start = { step: 0, adapter: parent?.directory ?? null, hash: parent?.hash ?? 'base' }
  const measured: MeasuredCheckpoint[] = []
  let parentDev: GradeSet | null = null
  for (const checkpoint of [start, ...work.checkpoints]) {
    const { numbers, grades } = await measureCheckpoint(context, armRound, { checkpoint, lineage: work.lineage, parentDev })
    measured.push(numbers)
    parentDev ??= grades
  }
  const { checkpoint: best, reason, eligible } = pickCheckpoint(measured, context.suite.gate.errorBudgetShare)
  const part = armDirectory(round, arm.name)
  const adapter = join(part, checkpointFolder(best.step))
  const choice: CandidateChoice = { step: best.step, adapter, hash: best.hash, reason, eligible, checkpoints: measured }
  context.run.writeRecord(join(part, CANDIDATE_FILE), choice)
  if (!eligible) context.reporter.tell({ type: 'warning', code: 'NO_CHECKPOINT_KEPT_ALL', message: `${round}/${arm.name}: ${reason}` })
  return { directory: join(context.run.directory, adapter), hash: best.hash, devScore: best.devScore ?? null }
}

interface Measurement {
  readonly checkpoint: Checkpoint
  readonly lineage: ChoiceContext
  /** The parent's dev grades; null when it is the parent that is measured. */
  readonly parentDev: GradeSet | null
}

async function measureCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  { checkpoint, lineage, parentDev }: Measurement,
): Promise<{ numbers: MeasuredCheckpoint; grades: GradeSet }> {
  const { step, hash, adapter: directory } = checkpoint
  const old = oldEvals(context, lineage.acceptedFeatures)
  const open = await context.slot.open(directory === null ? null : { directory, hash })
  try {
    const adapter = { round: armRound.round, arm: armRound.arm.name, step, parentHash: armRound.parent?.hash ?? null }
    const tasks = [armRound.feature, ...old].map((entry) => devTask(entry, context.suite.devCases))
    const grades = await gradeModel(context, open, { adapter, tasks, label: `dev of step ${step}` })
    const klOf = async (entries: readonly SuiteEval[]): Promise<number | null> => {
      const limit = Math.ceil(KL_PROMPTS / Math.max(1, entries.length))
      const answers = entries.flatMap((entry) =>
        baseAnswers(context, entry.eval, { records: recordsOf(lineage.baseDev, entry.eval.name), limit }),
      )
      return open.kl(answers)
    }
    const own = recordsOf(grades, armRound.feature.eval.name)
    const numbers = {
      step,
      hash,
      devPassShare: passShare(own),
      devStderr: passStderr(own),
      devUngradedShare: ungradedShare(own),
      devScore: devScore(armRound.feature, own),
      retainedPassShare: passShare(old.flatMap((entry) => recordsOf(grades, entry.eval.name))),
      old: oldScores(old, { margins: lineage.margins, before: parentDev ?? grades, after: grades }),
      klNewNats: await klOf([armRound.feature]),
      klOldNats: await klOf(old),
    }
    return { numbers, grades }
  } finally {
    await open.close()
  }
}

function oldEvals(context: RunContext, accepted: readonly string[]): SuiteEval[] {
  return allEvals(context.suite).filter((entry) => entry.kind === 'retention' || accepted.includes(entry.eval.name))
}

/** What each old eval kept of its parent's score. An eval that was declared as not blocking has nothing to keep. */
function oldScores(
  entries: readonly SuiteEval[],
  { margins, before, after }: { readonly margins: RoundMargins; readonly before: GradeSet; readonly after: GradeSet },
): NonNullable<MeasuredCheckpoint['old']> {
  return entries
    .filter(({ blocking }) => blocking)
    .map((entry) => {
      const { name } = entry.eval
      const start = recordsOf(before, name)
      const outcomes = devOutcomes(entry, { before: start, after: recordsOf(after, name) })
      return {
        eval: name,
        cases: outcomes.length,
        ungraded: devOutcomes(entry, { before: start, after: start }).length - outcomes.length,
        score: meanOf(outcomes.map((one) => one.after)),
        difference: meanOf(outcomes.map((one) => one.after - one.before)),
        margin: margins.get(name)?.margin ?? entry.margin,
      }
    })
}
