/**
 * @file Grades a training's checkpoints on dev cases and chooses the candidate: the best pass share on the round's feature, ties to the earliest.
 * The gate set is not touched. Retained score and KL are kept beside it for the curves; they do not choose.
 */
import { join } from 'node:path'
import { armDirectory } from '../ledger/run-layout.ts'
import type { CandidateChoice } from '../ledger/run-records.ts'
import type { SuiteEval } from '../suite/check-suite.ts'
import type { TrainingCheckpoint } from '../trainer/trainer.ts'
import { devTask, gradeModel, type GradingTask } from './grade-model.ts'
import { passShare, recordsOf, type GradeSet } from './grade-set.ts'
import type { AcceptedAdapter } from './lineage.ts'
import { baseAnswers, measureKl } from './measure-kl.ts'
import { openAdapter } from './open-adapter.ts'
import { allEvals, type RunContext } from './run-context.ts'
import type { ArmRound } from './train-arm.ts'

export const CANDIDATE_FILE = 'candidate.json'

/** What the choice needs to know of the lineage: features that were accepted, and the base's dev grades. */
export interface ChoiceContext {
  readonly acceptedFeatures: readonly string[]
  readonly baseDev: GradeSet
}

/** The chosen checkpoint as an adapter; the choice with all numbers is written to the run. */
export async function chooseCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  work: { readonly checkpoints: readonly TrainingCheckpoint[]; readonly lineage: ChoiceContext },
): Promise<AcceptedAdapter> {
  const measured: CandidateChoice['checkpoints'] = []
  for (const checkpoint of work.checkpoints)
    measured.push(await measureCheckpoint(context, armRound, { checkpoint, lineage: work.lineage }))
  const best = measured.reduce((leader, next) => (next.devPassShare > leader.devPassShare ? next : leader))
  const place = armDirectory(armRound.round, armRound.arm.name)
  const adapter = join(place, 'checkpoints', String(best.step))
  const choice: CandidateChoice = { step: best.step, adapter, hash: best.hash, checkpoints: measured }
  context.run.writeRecord(join(place, CANDIDATE_FILE), choice)
  return { directory: join(context.run.directory, adapter), hash: best.hash }
}

async function measureCheckpoint(
  context: RunContext,
  armRound: ArmRound,
  work: { checkpoint: TrainingCheckpoint; lineage: ChoiceContext },
): Promise<CandidateChoice['checkpoints'][number]> {
  const { checkpoint, lineage } = work
  const old = retainedEvals(context, lineage.acceptedFeatures)
  const tasks = devTasks(context, armRound.feature, old)
  const open = await openAdapter(context, checkpoint)
  try {
    const adapter = { round: armRound.round, arm: armRound.arm.name, step: checkpoint.step, parentHash: armRound.parent?.hash ?? null }
    const label = `dev of step ${checkpoint.step}`
    const grades = await gradeModel(context, open, { adapter, tasks, label })
    const answersOf = (entries: readonly SuiteEval[]): ReturnType<typeof baseAnswers> =>
      entries.flatMap((entry) =>
        baseAnswers(context, entry.eval, recordsOf(lineage.baseDev, entry.eval.name), Math.ceil(64 / entries.length)),
      )
    return {
      step: checkpoint.step,
      hash: checkpoint.hash,
      devPassShare: passShare(recordsOf(grades, armRound.feature.eval.name)),
      retainedPassShare: passShare(old.flatMap((entry) => recordsOf(grades, entry.eval.name))),
      klNewNats: await measureKl(context, open.weights as string, answersOf([armRound.feature])),
      klOldNats: await measureKl(context, open.weights as string, answersOf(old)),
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
