/**
 * @file Grades a training's checkpoints on dev cases and chooses the candidate. The parent is graded on the same cases first, as step 0. A checkpoint is
 * eligible when its retained dev score is within the gate's margin of the parent's; among these the best on the round's feature wins, ties to
 * the earliest. When none is eligible the one that retained most is taken, so that the gate can say what was lost. The gate set is not touched.
 */
import { join } from 'node:path'
import { armDirectory } from '../ledger/run-layout.ts'
import type { CandidateChoice } from '../ledger/run-records.ts'
import type { SuiteEval } from '../suite/check-suite.ts'
import type { TrainingCheckpoint } from '../trainer/trainer.ts'
import { devTask, gradeModel, type GradingTask } from './grade-model.ts'
import { passShare, recordsOf, type GradeSet } from './grade-set.ts'
import type { AcceptedAdapter } from './lineage.ts'
import { baseAnswers, KL_PROMPTS } from './measure-kl.ts'
import { allEvals, type RunContext } from './run-context.ts'
import type { ArmRound } from './train-arm.ts'

export const CANDIDATE_FILE = 'candidate.json'

/** What the choice needs to know of the lineage: features that were accepted, and the base's dev grades. */
export interface ChoiceContext {
  readonly acceptedFeatures: readonly string[]
  readonly baseDev: GradeSet
}

type MeasuredCheckpoint = CandidateChoice['checkpoints'][number]

/** The chosen checkpoint as an adapter; the choice with all numbers is written to the run. */
export async function chooseCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  work: { readonly checkpoints: readonly TrainingCheckpoint[]; readonly lineage: ChoiceContext },
): Promise<AcceptedAdapter> {
  const { parent } = armRound
  const start = { step: 0, adapter: parent?.directory ?? null, hash: parent?.hash ?? 'base' }
  const measured: MeasuredCheckpoint[] = []
  for (const checkpoint of [start, ...work.checkpoints]) {
    measured.push(await measureCheckpoint(context, armRound, { checkpoint, lineage: work.lineage }))
  }
  const best = pickCheckpoint(measured, context.suite.gate.margin)
  const place = armDirectory(armRound.round, armRound.arm.name)
  const adapter = join(place, 'checkpoints', String(best.step))
  const choice: CandidateChoice = { step: best.step, adapter, hash: best.hash, checkpoints: measured }
  context.run.writeRecord(join(place, CANDIDATE_FILE), choice)
  return { directory: join(context.run.directory, adapter), hash: best.hash }
}

/** The rule by itself: the first member is the parent and is never chosen; there must be one more. */
export function pickCheckpoint(measured: readonly MeasuredCheckpoint[], margin: number): MeasuredCheckpoint {
  const [parent, ...trained] = measured as [MeasuredCheckpoint, MeasuredCheckpoint, ...MeasuredCheckpoint[]]
  const eligible = trained.filter((checkpoint) => checkpoint.retainedPassShare >= parent.retainedPassShare - margin)
  const score = (checkpoint: MeasuredCheckpoint): number => (eligible.length > 0 ? checkpoint.devPassShare : checkpoint.retainedPassShare)
  const field = eligible.length > 0 ? eligible : trained
  return field.reduce((leader, next) => (score(next) > score(leader) ? next : leader))
}

async function measureCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  work: { checkpoint: Omit<TrainingCheckpoint, 'adapter'> & { readonly adapter: string | null }; lineage: ChoiceContext },
): Promise<MeasuredCheckpoint> {
  const { checkpoint, lineage } = work
  const { step, hash, adapter: directory } = checkpoint
  const old = retainedEvals(context, lineage.acceptedFeatures)
  const open = await context.place.open(directory === null ? null : { directory, hash })
  try {
    const adapter = { round: armRound.round, arm: armRound.arm.name, step, parentHash: armRound.parent?.hash ?? null }
    const tasks = devTasks(context, armRound.feature, old)
    const grades = await gradeModel(context, open, { adapter, tasks, label: `dev of step ${step}` })
    const klOf = async (entries: readonly SuiteEval[]): Promise<number | null> => {
      const limit = Math.ceil(KL_PROMPTS / Math.max(1, entries.length))
      const answers = entries.flatMap((entry) =>
        baseAnswers(context, entry.eval, { records: recordsOf(lineage.baseDev, entry.eval.name), limit }),
      )
      return open.kl(answers)
    }
    return {
      step,
      hash,
      devPassShare: passShare(recordsOf(grades, armRound.feature.eval.name)),
      retainedPassShare: passShare(old.flatMap((entry) => recordsOf(grades, entry.eval.name))),
      klNewNats: await klOf([armRound.feature]),
      klOldNats: await klOf(old),
    }
  } finally {
    await open.close()
  }
}

function retainedEvals(context: RunContext, accepted: readonly string[]): SuiteEval[] {
  return allEvals(context.suite).filter((entry) => entry.kind === 'retention' || accepted.includes(entry.eval.name))
}

/** The suite's number of dev cases for the feature, and as many again spread over what must be retained. */
function devTasks(context: RunContext, feature: SuiteEval, old: readonly SuiteEval[]): GradingTask[] {
  const { devCases } = context.suite
  const each = Math.ceil(devCases / Math.max(1, old.length))
  return [devTask(feature, devCases), ...old.map((entry) => devTask(entry, each))]
}
