/**
 * @file Runs a suite: every feature is one round, every arm tunes from its own last accepted adapter, is graded on everything and judged.
 * The run directory says what is done already, so a run that was killed goes on where it stopped and ends with the same records.
 */
import { resolve } from 'node:path'
import type { RunHeader } from '../ledger/run-records.ts'
import { checkSuite } from '../suite/check-suite.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { createEmbeddedTrainer } from '../trainer/embedded/embedded-trainer.ts'
import { BASE_ADAPTER, devTask, gateTasks, gradeModel, twinTasks } from './grade-model.ts'
import type { GradeSet } from './grade-set.ts'
import { runExitCode, runSummary, type ExitCode } from './exit-code.ts'
import { Lineage } from './lineage.ts'
import { openAdapter } from './open-adapter.ts'
import { openBase, type OpenBase } from './open-base.ts'
import { startRun } from './start-run.ts'
import { Reporter, SHARED_PLACE } from './reporter.ts'
import { allEvals, type RunContext } from './run-context.ts'
import type { RunEvent } from './run-event.ts'
import { runArm } from './run-arm.ts'

/** How a suite is run. Everything but the suite itself has a default. */
export interface RunSuiteOptions {
  readonly suite: SuiteDefinition
  /** Path of the suite's file. */
  readonly suiteFile: string
  /** Directory or hub id; default: the suite's. */
  readonly base?: string | undefined
  readonly arms?: readonly string[] | undefined
  readonly seed?: number | undefined
  readonly budget?: string | undefined
  /** Go on with the latest unfinished run, or with the one named. */
  readonly resume?: boolean | string | undefined
  /** Folder of runs; default `reports` where the command runs. */
  readonly directory?: string | undefined
  /** Name of the run's folder; default: suite and time. */
  readonly runName?: string | undefined
  readonly threads?: number | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RunResult {
  /** The run directory, absolute. */
  readonly directory: string
  readonly exitCode: ExitCode
  readonly header: RunHeader
}

/**
 * Runs or resumes a suite to its end.
 * @throws RunInterruptedError when `signal` fires; SuiteInvalidError and the errors of loading evals and models before anything is trained
 */
export async function runSuite(options: RunSuiteOptions): Promise<RunResult> {
  const reporter = new Reporter(options.onEvent)
  const suite = await checkSuite(options.suite, resolve(options.suiteFile), options)
  const base = await reporter.phase(SHARED_PLACE, { phase: 'loading', label: 'opening the base model' }, () =>
    openBase(suite.base, options),
  )
  try {
    const root = resolve(options.directory ?? 'reports')
    const run = await startRun({ root, suite, base, runName: options.runName, resume: options.resume ?? false })
    try {
      reporter.open(run)
      reporter.tell({ type: 'run-started', run: run.plan.run, directory: run.directory, plan: run.plan })
      for (const warning of run.plan.warnings) reporter.tell({ type: 'warning', ...warning })
      const trainer = createEmbeddedTrainer(base)
      const context: RunContext = {
        suite,
        run,
        engine: base.engine,
        tokenizer: base.tokenizer,
        trainer,
        reporter,
        signal: options.signal ?? null,
      }
      const header = await runRounds(context, base)
      run.finish(header)
      reporter.tell({ type: 'run-finished', header, directory: run.directory })
      return { directory: run.directory, exitCode: header.exitCode as ExitCode, header }
    } finally {
      run.close()
    }
  } finally {
    await base.engine.close()
  }
}

async function runRounds(context: RunContext, base: OpenBase): Promise<RunHeader> {
  const { suite, run } = context
  const grades = await gradeBase(context, base)
  const retention = suite.retention.map((entry) => entry.eval.name)
  const lineages = suite.arms.map((arm) => new Lineage(arm, grades.gate, retention))
  for (const [index, feature] of suite.features.entries()) {
    const round = run.plan.rounds[index]?.name ?? ''
    for (const [position, arm] of suite.arms.entries()) {
      const lineage = lineages[position] as Lineage
      const armRound = { round, feature, arm, parent: lineage.parent }
      lineage.add(await runArm(context, armRound, { lineage, baseDev: grades.dev }))
    }
  }
  const records = lineages.map((lineage) => lineage.toRecord(run.directory))
  return {
    schemaVersion: 1,
    run: run.plan.run,
    suiteHash: run.plan.suite.hash,
    exitCode: runExitCode(records),
    summary: runSummary(records),
    lineages: records,
  }
}

/** The base on every gate case, on the features' twins, and on dev (its answers are what KL is measured on). */
async function gradeBase(context: RunContext, base: OpenBase): Promise<{ gate: GradeSet; dev: GradeSet }> {
  const open = await openAdapter(base, null)
  const adapter = BASE_ADAPTER
  const evals = allEvals(context.suite)
  const gate = await gradeModel(context, open, { adapter, tasks: gateTasks(context), label: 'base on gate' })
  await gradeModel(context, open, { adapter, tasks: twinTasks(context.suite.features), label: 'base on twins' })
  const tasks = evals.map((entry) => devTask(entry, context.suite.devCases))
  const dev = await gradeModel(context, open, { adapter, tasks, label: 'base on dev' })
  return { gate, dev }
}
