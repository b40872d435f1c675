/**
 * @file Grades one model on the evals of a suite: all gate cases, the twins of a round's feature, or dev cases of a checkpoint.
 */
import { join } from 'node:path'
import { casesWithRole } from '../eval/cases/case-list.ts'
import { casesOf } from '../eval/load-eval.ts'
import type { Case } from '../eval/case.ts'
import { gradeCases } from '../grading/grade-cases.ts'
import type { GradeCasesOptions } from '../grading/grade-cases.ts'
import { answerWarning } from '../ledger/answer-warning.ts'
import type { GradeRecord, GradingPurpose } from '../ledger/grade-record.ts'
import { armGradesFile, askedFile, ASKED_FOLDER, baseGradesFile } from '../ledger/run-layout.ts'
import type { SuiteEval } from '../suite/checked-suite.ts'
import { pickCases } from '../suite/limit-cases.ts'
import { RunInterruptedError } from './errors.ts'
import type { GradeSet } from './grade-set.ts'
import type { RunPart } from './reporter.ts'
import type { OpenModel } from '../trainer/driver.ts'
import { allEvals, type GradingRun } from './run-context.ts'
import { failureWarnings } from './server-warnings.ts'
import { roundSeeds } from './train-arm.ts'

/** Whose grades these are: the base's (both null), a candidate's, or a checkpoint's (`step` set). */
export interface GradedAdapter extends RunPart {
  readonly step: number | null
  readonly parentHash: string | null
}

export const BASE_ADAPTER: GradedAdapter = { round: null, arm: null, step: null, parentHash: null }

/** One eval's cases to grade for one purpose. */
export interface GradingTask {
  readonly entry: SuiteEval
  readonly purpose: GradingPurpose
  readonly cases: readonly Case[]
}

/** The gate cases of every eval of the suite, future features included. */
export function gateTasks(context: GradingRun): GradingTask[] {
  return allEvals(context.suite).map((entry) => ({ entry, purpose: 'gate', cases: casesOf(entry.eval, 'gate') }))
}

/** The sealed twins of gate cases of these evals, which are looked at together with the gate only; none where an eval has none. */
export function twinTasks(entries: readonly SuiteEval[]): GradingTask[] {
  return entries.flatMap((entry) => {
    const gate = new Set(casesOf(entry.eval, 'gate').map((row) => row.id))
    const cases = casesWithRole(entry.eval.cases, 'twin').filter((row) => gate.has(row.twinOf ?? ''))
    return cases.length === 0 ? [] : [{ entry, purpose: 'twin' as const, cases }]
  })
}

/** Up to `count` dev cases of one eval. */
export function devTask(entry: SuiteEval, count: number): GradingTask {
  return { entry, purpose: 'dev', cases: pickCases(casesOf(entry.eval, 'dev'), count) }
}

/** Grades task after task into the run directory, as one phase. Records by eval name. */
export async function gradeModel(
  context: GradingRun,
  open: OpenModel,
  work: { readonly adapter: GradedAdapter; readonly tasks: readonly GradingTask[]; readonly label: string },
): Promise<GradeSet> {
  const { adapter, tasks } = work
  const part = { round: adapter.round, arm: adapter.arm }
  const phaseName = adapter.step === null ? 'grading' : 'checkpoint'
  return context.reporter.phase(part, { phase: phaseName, label: work.label }, async (phase) => {
    const total = tasks.reduce((sum, task) => sum + task.cases.length * task.entry.eval.repeats, 0)
    const grades = new Map<string, readonly GradeRecord[]>()
    let done = 0
    let tokens = 0
    const onFailure = failureWarnings(context.reporter)
    for (const task of tasks) {
      if (context.signal?.aborted === true) throw new RunInterruptedError({ directory: context.run.directory })
      const records = await gradeTask(context, open, {
        task,
        adapter,
        onProgress: (now) => phase.progress(done + now.done, total, tokens + now.tokens),
        onFailure,
      }).catch((error: unknown) => {
        throw context.signal?.aborted === true ? new RunInterruptedError({ directory: context.run.directory }) : error
      })
      context.run.seal(gradesFile(adapter, task), ASKED_FOLDER)
      if (task.purpose === 'gate') warnOfAnswers(context, records, { adapter, evalName: task.entry.eval.name })
      done += records.length
      tokens += records.reduce((sum, record) => sum + record.tokenIds.length, 0)
      grades.set(task.entry.eval.name, records)
    }
    return grades
  })
}

/** As the report does (src/report/sections/method/run-warnings.ts), while there is still time to mend a setting. */
function warnOfAnswers(
  { reporter, run }: GradingRun,
  records: readonly GradeRecord[],
  { adapter: { round, arm }, evalName }: { readonly adapter: GradedAdapter; readonly evalName: string },
): void {
  const isGate = run.plan.mode === 'gate'
  const model = round === null ? (isGate ? 'the parent' : 'the base') : isGate ? 'the candidate' : `${round}/${arm}`
  const warning = answerWarning(records, { model, evalName })
  if (warning !== null) reporter.tell({ type: 'warning', ...warning })
}

async function gradeTask(
  context: GradingRun,
  open: OpenModel,
  work: { task: GradingTask; adapter: GradedAdapter } & Pick<GradeCasesOptions, 'onProgress' | 'onFailure'>,
): Promise<readonly GradeRecord[]> {
  const { task, adapter } = work
  const { plan } = context.run
  return gradeCases({
    eval: task.entry.eval,
    cases: task.cases,
    model: open.model,
    purpose: task.purpose,
    context: {
      run: plan.run,
      suiteHash: plan.suite.hash,
      suiteSeed: context.suite.seed,
      arm: adapter.arm,
      round: adapter.round,
      step: adapter.step,
      trainingSeeds: adapter.round === null ? null : roundSeeds(context.suite.seed, adapter.round),
      parent: adapter.parentHash,
    },
    ledgerFile: join(context.run.directory, gradesFile(adapter, task)),
    askedFile: (hash) => join(context.run.directory, askedFile(task.purpose, task.entry.eval.name, hash)),
    models: context.models,
    onProgress: work.onProgress,
    onFailure: work.onFailure,
    signal: context.signal ?? undefined,
  })
}

function gradesFile(adapter: GradedAdapter, task: GradingTask): string {
  const { round, arm, step } = adapter
  const name = task.entry.eval.name
  return round === null || arm === null ? baseGradesFile(task.purpose, name) : armGradesFile({ round, arm, step }, task.purpose, name)
}
