/**
 * @file A run directory read into memory: plan, verdicts, choices of checkpoints, watched trainings, grades, cases, telemetry. It reads and orders;
 * it computes nothing, and it never needs the suite, the model or the machine that made the run.
 */
import { join } from 'node:path'
import { checkRun, type RunCheck } from '../ledger/check-run.ts'
import { readGradeRecords } from '../ledger/grade-file.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import { readAllRecords, readWholeRecord } from '../ledger/read-records.ts'
import {
  armDirectory,
  armGradesFile,
  baseGradesFile,
  CANDIDATE_FILE,
  casesFile,
  EVENTS_FILE,
  HACKING_FILE,
  PLAN_FILE,
  RUN_FILE,
  TELEMETRY_FILE,
  VERDICT_FILE,
  WATCH_FILE,
} from '../ledger/run-layout.ts'
import { candidateSchema, planSchema, recordedCaseSchema, runHeaderSchema } from '../ledger/run-records.ts'
import type { CandidateChoice, Plan, RecordedCase, RunHeader, Telemetry } from '../ledger/run-records.ts'
import { readTelemetry } from '../ledger/telemetry-log.ts'
import { verdictRecordSchema, type VerdictRecord } from '../ledger/verdict-record.ts'
import { hackingRecordSchema, watchRecordSchema } from '../ledger/watch-record.ts'
import type { HackingRecord, WatchRecord } from '../ledger/watch-record.ts'
import { trainingEventSchema } from '../trainer/training-event.ts'
import type { TrainingEvent } from '../trainer/training-event.ts'
import { RunDirectoryError } from './errors.ts'

const KEPT = [
  'caseId',
  'repeat',
  'completion',
  'finishReason',
  'reward',
  'subRewards',
  'audit',
  'pass',
  'passThreshold',
  'formatValid',
  'extractionRule',
  'errorCode',
  'errorMessage',
] as const

/** What the report keeps of a grade record; token ids and log-probabilities stay in the run directory. */
export type KeptGrade = Pick<GradeRecord, (typeof KEPT)[number]>

/** Purposes that the case browser shows. `gate` decides; `twin` holds sealed paraphrases. */
export const SHOWN_PURPOSES = ['gate', 'twin'] as const
export type ShownPurpose = (typeof SHOWN_PURPOSES)[number]

/** Grades of one model on every eval, by purpose and eval name. */
export type GradesByEval = Readonly<Record<ShownPurpose, ReadonlyMap<string, readonly KeptGrade[]>>>

/** What one arm left of one round. Everything but the names may be missing: the arm was lost, or the run interrupted. */
export interface RecordedArmRound {
  readonly round: string
  readonly feature: string | null
  readonly arm: string
  readonly verdict: VerdictRecord | null
  readonly candidate: CandidateChoice | null
  readonly events: readonly TrainingEvent[]
  /** Empty where nobody watched the training. */
  readonly watch: readonly WatchRecord[]
  /** Null where the training was not stopped as reward hacking. */
  readonly hacking: HackingRecord | null
  readonly grades: GradesByEval
}

export interface RecordedRun {
  readonly directory: string
  readonly plan: Plan
  /** Whether its files could be compared with what was written: a run of an older version kept no counts and hashes. */
  readonly check: RunCheck
  /** Null when the run was interrupted. */
  readonly header: RunHeader | null
  readonly cases: ReadonlyMap<string, readonly RecordedCase[]>
  readonly baseGrades: GradesByEval
  /** In the plan's order: rounds, then arms. */
  readonly armRounds: readonly RecordedArmRound[]
  readonly telemetry: readonly Telemetry[]
}

/** Reads a run directory that is what was written. Throws RunDirectoryError, RunDamagedError and LedgerCorruptError. */
export async function readRecordedRun(directory: string): Promise<RecordedRun> {
  const plan = readWholeRecord(join(directory, PLAN_FILE), planSchema)
  if (plan === null) throw new RunDirectoryError({ directory })
  const check = await checkRun(directory)
  const names = plan.evals.map((each) => each.name)
  const cases = new Map<string, readonly RecordedCase[]>()
  for (const name of names) cases.set(name, await readAllRecords(join(directory, casesFile(name)), recordedCaseSchema))
  const armRounds: RecordedArmRound[] = []
  for (const round of plan.rounds) {
    for (const arm of plan.arms)
      armRounds.push(await readArmRound(directory, names, { round: round.name, feature: round.feature, arm: arm.name }))
  }
  return {
    directory,
    plan,
    check,
    header: readWholeRecord(join(directory, RUN_FILE), runHeaderSchema),
    cases,
    baseGrades: await readGrades(names, (purpose, name) => join(directory, baseGradesFile(purpose, name))),
    armRounds,
    telemetry: await readTelemetry(join(directory, TELEMETRY_FILE)),
  }
}

async function readArmRound(
  directory: string,
  names: readonly string[],
  part: { readonly round: string; readonly feature: string | null; readonly arm: string },
): Promise<RecordedArmRound> {
  const folder = join(directory, armDirectory(part.round, part.arm))
  return {
    ...part,
    verdict: readWholeRecord(join(folder, VERDICT_FILE), verdictRecordSchema),
    candidate: readWholeRecord(join(folder, CANDIDATE_FILE), candidateSchema),
    events: await readAllRecords(join(folder, EVENTS_FILE), trainingEventSchema),
    watch: await readAllRecords(join(folder, WATCH_FILE), watchRecordSchema),
    hacking: readWholeRecord(join(folder, HACKING_FILE), hackingRecordSchema),
    grades: await readGrades(names, (purpose, name) => join(directory, armGradesFile({ ...part, step: null }, purpose, name))),
  }
}

async function readGrades(names: readonly string[], fileOf: (purpose: ShownPurpose, name: string) => string): Promise<GradesByEval> {
  const grades = { gate: new Map<string, KeptGrade[]>(), twin: new Map<string, KeptGrade[]>() }
  for (const purpose of SHOWN_PURPOSES) {
    for (const name of names) {
      const found: KeptGrade[] = []
      for await (const record of readGradeRecords(fileOf(purpose, name))) found.push(keptOf(record))
      if (found.length > 0) grades[purpose].set(name, found)
    }
  }
  return grades
}

function keptOf(record: GradeRecord): KeptGrade {
  return Object.fromEntries(KEPT.map((member) => [member, record[member]])) as unknown as KeptGrade
}
