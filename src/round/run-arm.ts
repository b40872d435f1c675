/**
 * @file One arm's part in one round, from training to verdict. A part whose verdict is on disk is read back instead of repeated.
 */
import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import type { RoundVerdict } from '../gate/verdict.ts'
import { armDirectory, CANDIDATE_FILE, SPEC_FILE, VERDICT_FILE } from '../ledger/run-layout.ts'
import { readWholeRecord } from '../ledger/read-records.ts'
import { candidateSchema } from '../ledger/run-records.ts'
import { verdictRecordSchema } from '../ledger/verdict-record.ts'
import { chooseCheckpoint } from './choose-checkpoint.ts'
import { devScore, roundMargins, type RoundMargins } from './dev-scores.ts'
import { gateTasks, gradeModel, twinTasks } from './grade-model.ts'
import { recordsOf, type GradeSet } from './grade-set.ts'
import { judgeArm } from './judge-arm.ts'
import type { AcceptedAdapter, Candidate, FinishedRound, Lineage } from './lineage.ts'
import type { RunContext } from './run-context.ts'
import type { ArmRound } from './arm-round.ts'
import { trainArm } from './train-arm.ts'
import { lastGoodStep } from './watch-training.ts'

/** What an arm's round needs to know of its lineage and of the base. */
export interface ArmState {
  readonly lineage: Lineage
  readonly baseDev: GradeSet
}

/** Trains, chooses, grades and judges; a lost trainer is an outcome of this arm and stops no other. */
export async function runArm(context: RunContext, armRound: ArmRound, state: ArmState): Promise<FinishedRound> {
  const { round, arm, feature } = armRound
  const name = feature.eval.name
  const role = arm.role
  forgetOtherParent(context, armRound)
  const margins = marginsOf(context, state)
  const adapter = readChoice(context, armRound) ?? (await trainAndChoose(context, armRound, { ...state, margins }))
  if (typeof adapter === 'string') {
    context.reporter.tell({ type: 'round-finished', round, arm: arm.name, role, verdict: null, lost: adapter })
    return { round, feature: name, outcome: 'LOST', adapter: null, grades: null }
  }
  // Also what an earlier process wrote and was killed before it could be sealed.
  const part = armDirectory(round, arm.name)
  context.run.seal(join(part, CANDIDATE_FILE))
  const grades = await gradeCandidate(context, armRound, adapter)
  const verdict =
    readVerdict(context, armRound) ?? (await judgeArm(context, armRound, { lineage: state.lineage, candidate: grades, margins }))
  context.run.seal(join(part, VERDICT_FILE))
  context.reporter.tell({ type: 'round-finished', round, arm: arm.name, role, verdict })
  return { round, feature: name, outcome: verdict.verdict, adapter, grades }
}

/** Margins from the anchors' dev scores: the base for retention, the accepted candidate for a feature. */
function marginsOf(context: RunContext, { lineage, baseDev }: ArmState): RoundMargins {
  const { anchorScores } = lineage
  return roundMargins(context.suite, (entry) => {
    const { name } = entry.eval
    return entry.kind === 'retention' ? devScore(entry, recordsOf(baseDev, name)) : (anchorScores.get(name) ?? null)
  })
}

/** The candidate, or why the training was lost. */
async function trainAndChoose(
  context: RunContext,
  armRound: ArmRound,
  state: ArmState & { readonly margins: RoundMargins },
): Promise<Candidate | string> {
  const outcome = await trainArm(context, armRound)
  if (outcome.state === 'lost') return outcome.message
  const good = outcome.state === 'stopped' ? lastGoodStep(context, armRound) : Number.POSITIVE_INFINITY
  const checkpoints = outcome.checkpoints.filter(({ step }) => step <= good)
  if (checkpoints.length === 0) return outcome.state === 'stopped' ? outcome.reason : 'the training left no checkpoint'
  const lineage = { acceptedFeatures: state.lineage.acceptedFeatures, baseDev: state.baseDev, margins: state.margins }
  return chooseCheckpoint(context, armRound, { checkpoints, lineage })
}

async function gradeCandidate(context: RunContext, armRound: ArmRound, candidate: AcceptedAdapter): Promise<GradeSet> {
  const open = await context.slot.open(candidate)
  const adapter = { round: armRound.round, arm: armRound.arm.name, step: null, parentHash: armRound.parent?.hash ?? null }
  try {
    const grades = await gradeModel(context, open, { adapter, tasks: gateTasks(context), label: 'gate' })
    await gradeModel(context, open, { adapter, tasks: twinTasks([armRound.feature]), label: 'twins' })
    return grades
  } finally {
    await open.close()
  }
}

/**
 * Removes what is there of a part that began at another parent. It is so where an earlier round of the lineage was lost, is run again now, and was
 * accepted.
 */
function forgetOtherParent(context: RunContext, { round, arm, parent }: ArmRound): void {
  const directory = join(context.run.directory, armDirectory(round, arm.name))
  const begun = readWholeRecord(join(directory, SPEC_FILE), parentSchema)
  if (begun === null) return
  // By its path within the run: the run may have been moved since.
  const isSame =
    parent === null ? begun.parentAdapter === null : begun.parentAdapter?.endsWith(relative(context.run.directory, parent.directory))
  if (isSame === true) return
  context.run.forget(armDirectory(round, arm.name))
  rmSync(directory, { recursive: true })
}

const parentSchema = z.looseObject({ parentAdapter: z.string().nullable() })

function readChoice(context: RunContext, { round, arm }: ArmRound): Candidate | null {
  const choice = readWholeRecord(join(context.run.directory, armDirectory(round, arm.name), CANDIDATE_FILE), candidateSchema)
  if (choice === null) return null
  const devScore = choice.checkpoints.find(({ step }) => step === choice.step)?.devScore ?? null
  return { directory: join(context.run.directory, choice.adapter), hash: choice.hash, devScore }
}

function readVerdict(context: RunContext, { round, arm }: ArmRound): RoundVerdict | null {
  const path = join(context.run.directory, armDirectory(round, arm.name), VERDICT_FILE)
  // A run goes on in the version that began it, so nothing is missing that the gate gives.
  return readWholeRecord(path, verdictRecordSchema) as RoundVerdict | null
}
