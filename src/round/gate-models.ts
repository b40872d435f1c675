/**
 * @file Judges two models that Holdfast did not tune, as a round's candidate would be judged: same cases, same graders, same rules, same report.
 * Every eval but the target is something that must not be lost.
 */
import { join, resolve } from 'node:path'
import { hashFile } from '../base/hash.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { judgeRound } from '../gate/judge-round.ts'
import type { RoundVerdict } from '../gate/verdict.ts'
import { armDirectory } from '../ledger/run-layout.ts'
import type { RunHeader } from '../ledger/run-records.ts'
import { resolveModel, type ResolvedModel } from '../model/resolve-model.ts'
import { checkSuite } from '../suite/check-suite.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { TargetUnknownError } from './errors.ts'
import { verdictExitCode } from './exit-code.ts'
import { BASE_ADAPTER, gateTasks, gradeModel, twinTasks, type GradedAdapter } from './grade-model.ts'
import { evalUnderGate, foreignDifferences, type GradeSet, type ModelDifference } from './grade-set.ts'
import { VERDICT_FILE } from './judge-arm.ts'
import { openAdapter } from './open-adapter.ts'
import { openBaseDirectory, type OpenBase, type OpenBaseOptions } from './open-base.ts'
import { Reporter, SHARED_PLACE } from './reporter.ts'
import type { GradingRun } from './run-context.ts'
import type { RunEvent } from './run-event.ts'
import type { RunResult } from './run-suite.ts'
import { startRun } from './start-run.ts'

export interface GateModelsOptions {
  readonly suite: SuiteDefinition
  readonly suiteFile: string
  /** Model directory, PEFT adapter directory or hub id. */
  readonly parent: string
  readonly candidate: string
  /** Whole model for adapters, instead of the one that their adapter_config.json names. */
  readonly base?: string | undefined
  /** The feature that should have improved; without it the question is loss alone. */
  readonly target?: string | undefined
  readonly budget?: string | undefined
  /** Device of the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  readonly directory?: string | undefined
  readonly runName?: string | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

const CANDIDATE_ARM = 'candidate'

/** @throws TargetUnknownError, and the errors of loading suites and models */
export async function gateModels(options: GateModelsOptions): Promise<RunResult> {
  const reporter = new Reporter(options.onEvent)
  const suite = await checkSuite(options.suite, resolve(options.suiteFile), { budget: options.budget })
  const target = options.target ?? null
  const features = suite.features.map((entry) => entry.eval.name)
  if (target !== null && !features.includes(target)) throw new TargetUnknownError({ file: suite.file, target, features })
  const parent = await describeModel(options.parent, options.base)
  const candidate = await describeModel(options.candidate, options.base)
  const open = new EngineSlot(reporter, { device: options.device, thinking: suite.thinking })
  try {
    const base = await open.for(parent)
    const compared = { parent: identify(parent), candidate: identify(candidate), target }
    const root = resolve(options.directory ?? 'reports')
    const run = await startRun({ root, suite, base: base.record, runName: options.runName, resume: false, compared })
    try {
      reporter.open(run)
      reporter.tell({ type: 'run-started', run: run.plan.run, directory: run.directory, plan: run.plan })
      for (const warning of run.plan.warnings) reporter.tell({ type: 'warning', ...warning })
      const context: GradingRun = { suite, run, reporter, signal: options.signal ?? null }
      const before = await gradeSide(context, { open: base, model: parent, adapter: BASE_ADAPTER })
      const round = run.plan.rounds[0]?.name ?? ''
      const adapter = { round, arm: CANDIDATE_ARM, step: null, parentHash: parent.hash }
      const after = await gradeSide(context, { open: await open.for(candidate), model: candidate, adapter })
      return finish(context, judge(context, { round, target, before, after }))
    } finally {
      run.close()
    }
  } finally {
    await open.close()
  }
}

/** A resolved model with what identifies it. */
interface DescribedModel extends ResolvedModel {
  readonly reference: string
  /** Of the adapter's weights; null for a whole model, which its engine identifies. */
  readonly hash: string | null
}

async function describeModel(reference: string, base: string | undefined): Promise<DescribedModel> {
  const resolved = await resolveModel(reference, { base })
  const { adapterDirectory } = resolved
  return {
    ...resolved,
    reference,
    hash: adapterDirectory === null ? null : await hashFile(join(adapterDirectory, 'adapter_model.safetensors')),
  }
}

function identify(model: DescribedModel): { name: string; hash: string } {
  return { name: model.reference, hash: model.hash ?? 'base' }
}

/** Keeps one engine open: two adapters of one base share it, two bases follow each other. */
class EngineSlot {
  readonly #reporter: Reporter
  readonly #options: OpenBaseOptions
  #open: OpenBase | null = null
  #directory: string | null = null

  constructor(reporter: Reporter, options: OpenBaseOptions) {
    this.#reporter = reporter
    this.#options = options
  }

  async for(model: DescribedModel): Promise<OpenBase> {
    if (this.#open !== null && this.#directory === model.baseDirectory) return this.#open
    await this.close()
    const label = `opening ${model.reference}`
    const opening = (): Promise<OpenBase> => openBaseDirectory(model.baseDirectory, model.reference, this.#options)
    const opened = await this.#reporter.phase(SHARED_PLACE, { phase: 'loading', label }, opening)
    this.#open = opened
    this.#directory = model.baseDirectory
    return opened
  }

  async close(): Promise<void> {
    await this.#open?.engine.close()
    this.#open = null
  }
}

async function gradeSide(context: GradingRun, side: { open: OpenBase; model: DescribedModel; adapter: GradedAdapter }): Promise<GradeSet> {
  const { adapterDirectory: directory, hash } = side.model
  const open = await openAdapter(side.open, directory === null || hash === null ? null : { directory, hash })
  const who = side.adapter.arm === null ? 'parent' : 'candidate'
  try {
    const grades = await gradeModel(context, open, { adapter: side.adapter, tasks: gateTasks(context), label: `${who} on gate` })
    await gradeModel(context, open, { adapter: side.adapter, tasks: twinTasks(context.suite.features), label: `${who} on twins` })
    return grades
  } finally {
    await open.close()
  }
}

function judge(context: GradingRun, sides: { round: string; target: string | null; before: GradeSet; after: GradeSet }): RoundVerdict {
  const none: GradeSet = new Map()
  const baselines = { parent: sides.before, base: none, anchors: none, best: none }
  const evals = context.run.plan.evals.map((planned) =>
    evalUnderGate(planned, planned.name === sides.target ? 'target' : 'old', { candidate: sides.after, baselines, mode: 'foreign' }),
  )
  const verdict = judgeRound({ round: sides.round, arm: CANDIDATE_ARM, policy: { ...context.suite.gate, plannedRounds: 1 }, evals })
  const names = context.run.plan.evals.map(({ name }) => name)
  const differences = foreignDifferences(names, { before: sides.before, after: sides.after })
  for (const difference of differences) context.reporter.tell(differenceWarning(difference))
  context.run.writeRecord(join(armDirectory(sides.round, CANDIDATE_ARM), VERDICT_FILE), { ...verdict, differences })
  return verdict
}

function differenceWarning({ evalName, hash, pairs, caseIds }: ModelDifference): RunEvent {
  const what = hash === 'rendered' ? 'prompt tokens (chat template or tokenizer)' : 'decoding (precision, device or engine)'
  const message = `The two models differ in their ${what} on ${pairs} pairs of eval "${evalName}", for example case ${quoteUntrusted(caseIds[0] ?? '')}; the verdict compares them as they are`
  return { type: 'warning', code: 'MODELS_DIFFER', message }
}

function finish(context: GradingRun, verdict: RoundVerdict): RunResult {
  const { run, reporter } = context
  const exitCode = verdictExitCode(verdict.verdict)
  const header: RunHeader = {
    schemaVersion: 1,
    run: run.plan.run,
    suiteHash: run.plan.suite.hash,
    exitCode,
    summary: `${verdict.verdict}: ${verdict.reasons[0] ?? ''}`,
    lineages: [
      {
        arm: CANDIDATE_ARM,
        role: 'candidate',
        rounds: [{ round: verdict.round, feature: run.plan.compared?.target ?? null, outcome: verdict.verdict, adapter: null }],
      },
    ],
  }
  run.finish(header)
  reporter.tell({ type: 'round-finished', round: verdict.round, arm: CANDIDATE_ARM, role: 'candidate', verdict })
  reporter.tell({ type: 'run-finished', header, directory: run.directory })
  return { directory: run.directory, exitCode, header }
}
