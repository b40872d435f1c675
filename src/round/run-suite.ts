/**
 * @file Runs a suite: every feature is one round, every arm tunes from its own last accepted adapter, is graded on everything and judged.
 * The run directory says what is done already, so a run that was killed goes on where it stopped and ends with the same records.
 */
import { resolve } from 'node:path'
import { createGraderModels } from '../grading/grader-models.ts'
import type { RunHeader } from '../ledger/run-records.ts'
import { checkSuite } from '../suite/check-suite.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import type { OpenTrainer, TrainerSlot } from '../trainer/driver.ts'
import type { TrainerName } from '../trainer/drivers.ts'
import { BASE_ADAPTER, devTask, gateTasks, gradeModel, twinTasks } from './grade-model.ts'
import type { GradeSet } from './grade-set.ts'
import { RunInterruptedError } from './errors.ts'
import { runExitCode, runSummary, type ExitCode } from './exit-code.ts'
import { Lineage } from './lineage.ts'
import { openTrainer } from './open-trainer.ts'
import { startRun } from './start-run.ts'
import { refuseHoles } from './refuse-holes.ts'
import { openEstimateBase } from '../estimate/estimate-base.ts'
import { refuseLongExamples } from './refuse-long-examples.ts'
import { Reporter, SHARED_PART } from './reporter.ts'
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
  /** Threads on the CPU, for trainers that take them. */
  readonly threads?: number | undefined
  /** Device of the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  /** Another trainer than the suite's. */
  readonly trainer?: TrainerName | undefined
  /** Machine (`ssh://…`) and Python of a trainer that has them, instead of the suite's. */
  readonly host?: string | undefined
  readonly python?: string | undefined
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
  const opened = await reporter.phase(SHARED_PART, { phase: 'loading', label: 'opening the base model' }, () => openTrainer(suite))
  const models = createGraderModels({ device: options.device })
  try {
    await refuseHoles(suite)
    refuseLongExamples(suite, await openEstimateBase(suite.base, { thinking: suite.thinking }))
    // What was stopped while it loaded has written nothing and begins anew.
    if (options.signal?.aborted === true) throw new RunInterruptedError({ directory: 'before the first record was written' })
    const root = resolve(options.directory ?? 'reports')
    const run = await startRun({
      root,
      suite,
      base: opened.base,
      trainer: opened.record,
      runName: options.runName,
      resume: options.resume ?? false,
    })
    try {
      reporter.open(run)
      reporter.tell({ type: 'run-started', run: run.plan.run, directory: run.directory, plan: run.plan })
      for (const warning of run.plan.warnings) reporter.tell({ type: 'warning', ...warning })
      if (run.check === 'unchecked') reporter.tell({ type: 'warning', ...UNCHECKED })
      const context: RunContext = {
        suite,
        run,
        tokenizer: opened.tokenizer,
        start: opened.start,
        slot: opened.slots[0],
        reporter,
        signal: options.signal ?? null,
        models,
      }
      const header = await runRounds(context, opened)
      run.finish(header)
      reporter.tell({ type: 'run-finished', header, directory: run.directory })
      return { directory: run.directory, exitCode: header.exitCode as ExitCode, header }
    } finally {
      run.close()
    }
  } finally {
    await models.close()
    await opened.close()
  }
}

const UNCHECKED = {
  code: 'RUN_UNCHECKED',
  message: 'What the run holds already was not checked: it was begun by a version that kept no counts and hashes of its files',
}

async function runRounds(context: RunContext, { slots }: OpenTrainer): Promise<RunHeader> {
  const { suite, run } = context
  const grades = await gradeBase(context)
  const retention = suite.retention.map((entry) => entry.eval.name)
  const lineages = suite.arms.map((arm) => new Lineage(arm, grades.gate, retention))
  for (const [index, feature] of suite.features.entries()) {
    const round = run.plan.rounds[index]?.name ?? ''
    await eachInASlot(suite.arms, slots, async (arm, armIndex, slot) => {
      const lineage = lineages[armIndex] as Lineage
      const earlier = suite.features.filter((entry) => lineage.acceptedFeatures.includes(entry.eval.name))
      const armRound = { round, feature, arm, parent: lineage.parent, earlier }
      lineage.add(await runArm({ ...context, slot }, armRound, { lineage, baseDev: grades.dev }))
    })
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

/** Every arm once, side by side where there are several slots; each slot takes the next arm when it is free. */
async function eachInASlot<Item>(
  items: readonly Item[],
  slots: readonly TrainerSlot[],
  work: (item: Item, index: number, slot: TrainerSlot) => Promise<void>,
): Promise<void> {
  const waiting = [...items.entries()]
  const results = await Promise.allSettled(
    slots.map(async (slot) => {
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next[1], next[0], slot)
      } catch (error) {
        // The others end what they are at and begin nothing new.
        waiting.length = 0
        throw error
      }
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** The base on every gate case, on the features' twins, and on dev (its answers are what KL is measured on). */
async function gradeBase(context: RunContext): Promise<{ gate: GradeSet; dev: GradeSet }> {
  const open = await context.slot.open(null)
  const adapter = BASE_ADAPTER
  const evals = allEvals(context.suite)
  try {
    const gate = await gradeModel(context, open, { adapter, tasks: gateTasks(context), label: 'base on gate' })
    await gradeModel(context, open, { adapter, tasks: twinTasks(context.suite.features), label: 'base on twins' })
    const tasks = evals.map((entry) => devTask(entry, context.suite.devCases))
    const dev = await gradeModel(context, open, { adapter, tasks, label: 'base on dev' })
    return { gate, dev }
  } finally {
    await open.close()
  }
}
