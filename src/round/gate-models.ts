/**
 * @file Judges two models that Holdfast did not tune, as a round's candidate would be judged: same cases, same graders, same rules, same report.
 * Every eval but the target is something that must not be lost.
 */
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { judgeRound } from '../gate/judge-round.ts'
import type { RoundVerdict } from '../gate/verdict.ts'
import { armDirectory, VERDICT_FILE } from '../ledger/run-layout.ts'
import type { RunHeader } from '../ledger/run-records.ts'
import { describeWeights } from '../engine/checkpoint/describe-weights.ts'
import { identifyAdapter } from '../identity/identify-model.ts'
import { createGraderModels, judgesJournal } from '../grading/grader-models.ts'
import { isServerReference, shownReference } from '../model/chat/server-reference.ts'
import { ModelOpener } from '../model/open-model.ts'
import type { CacheMode, OpenedModel, OpenModelOptions } from '../model/open-model.ts'
import { resolveModel } from '../model/resolve-model.ts'
import { checkSuite } from '../suite/check-suite.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { TargetUnknownError } from './errors.ts'
import { verdictExitCode } from './exit-code.ts'
import { devScore, roundMargins, type RoundMargins } from './dev-scores.ts'
import { BASE_ADAPTER, devTask, gateTasks, gradeModel, twinTasks, type GradedAdapter } from './grade-model.ts'
import { embeddedBaseRecord, type BaseRecord } from '../trainer/base-record.ts'
import { evalUnderGate, foreignDifferences, recordsOf, type GradeSet, type ModelDifference } from './grade-set.ts'
import { Reporter, SHARED_PART } from './reporter.ts'
import { allEvals, evalNamed, type GradingRun } from './run-context.ts'
import type { RunEvent } from './run-event.ts'
import type { RunResult } from './run-suite.ts'
import { waitWarnings, warnNotCached } from './server-warnings.ts'
import { startRun } from './start-run.ts'

export interface GateModelsOptions {
  readonly suite: SuiteDefinition
  readonly suiteFile: string
  /** Model directory, PEFT adapter directory, hub id, or a server's address like http://host:8000/v1#name. */
  readonly parent: string
  readonly candidate: string
  /** Whole model for adapters, instead of the one that their adapter_config.json names. */
  readonly base?: string | undefined
  /** The feature that should have improved; without it the question is loss alone. */
  readonly target?: string | undefined
  readonly budget?: string | undefined
  /** Device of the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  /** What is kept of completions on disk. Default auto. */
  readonly cache?: CacheMode | undefined
  readonly directory?: string | undefined
  readonly runName?: string | undefined
  /** Go on with the latest unfinished gate of this suite, or with the one named; both models must be as they were. */
  readonly resume?: boolean | string | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

const CANDIDATE_ARM = 'candidate'

/** @throws RunInterruptedError when `signal` fires, TargetUnknownError, and the errors of loading suites and models */
export async function gateModels(options: GateModelsOptions): Promise<RunResult> {
  const reporter = new Reporter(options.onEvent)
  const suite = await checkSuite(options.suite, resolve(options.suiteFile), { budget: options.budget, trains: false })
  const target = options.target ?? null
  const features = suite.features.map((entry) => entry.eval.name)
  if (target !== null && !features.includes(target)) throw new TargetUnknownError({ file: suite.file, target, features })
  const open = new GateModels(reporter, { base: options.base, device: options.device, thinking: suite.thinking, cache: options.cache })
  let journal: string | null = null
  const models = createGraderModels({ cache: options.cache, device: options.device, journal: () => journal })
  try {
    const sides = { parent: await open.identify(options.parent), candidate: await open.identify(options.candidate) }
    const parent = await open.open(options.parent)
    const root = resolve(options.directory ?? 'reports')
    const base = recordOf(parent, options.parent)
    const { runName, resume = false } = options
    const run = await startRun({ root, suite, base, runName, resume, compared: { ...sides, target } })
    try {
      journal = run.directory
      reporter.open(run)
      reporter.tell({ type: 'run-started', run: run.plan.run, directory: run.directory, plan: run.plan })
      for (const warning of run.plan.warnings) reporter.tell({ type: 'warning', ...warning })
      const context: GradingRun = { suite, run, reporter, signal: options.signal ?? null, models }
      const margins = await fixMargins(context, parent, target)
      const before = await gradeSide(context, parent, BASE_ADAPTER)
      const round = run.plan.rounds[0]?.name ?? ''
      const adapter = { round, arm: CANDIDATE_ARM, step: null, parentHash: parent.model.identity.adapter }
      const after = await gradeSide(context, await open.open(options.candidate), adapter)
      await models.close()
      rmSync(judgesJournal(run.directory), { recursive: true, force: true })
      return finish(context, judge(context, { round, target, before, after, margins }))
    } finally {
      run.close()
    }
  } finally {
    await models.close()
    await open.close()
  }
}

/** What the plan says of a model that nothing is trained on; of a server's it knows no more than the server says. */
function recordOf({ embedded, model, origin, hash }: OpenedModel, reference: string): BaseRecord {
  if (embedded !== null) return embeddedBaseRecord(embedded, reference, origin)
  return {
    name: reference,
    directory: origin,
    hash,
    tokenizer: model.identity.tokenizer,
    parameterCount: 0,
    runtime: model.identity.engine,
  }
}

/** The two models, the parent first: two adapters of one base share its engine, two bases follow each other, servers stay open. */
class GateModels {
  readonly #reporter: Reporter
  readonly #options: OpenModelOptions
  readonly #openers = new Map<string, ModelOpener>()
  readonly #servers = new Map<string, OpenedModel>()

  constructor(reporter: Reporter, options: OpenModelOptions) {
    this.#reporter = reporter
    this.#options = options
  }

  /** What the plan calls a model; a server is asked for it. */
  async identify(reference: string): Promise<{ name: string; hash: string }> {
    if (isServerReference(reference)) return { name: reference, hash: (await this.open(reference)).hash }
    const { adapterDirectory, baseDirectory } = await resolveModel(reference, { base: this.#options.base })
    const hash = adapterDirectory === null ? (await describeWeights(baseDirectory)).hash : await identifyAdapter(adapterDirectory)
    return { name: reference, hash }
  }

  async open(reference: string): Promise<OpenedModel> {
    const known = this.#servers.get(reference)
    if (known !== undefined) return known
    const isServer = isServerReference(reference)
    const opener =
      this.#openers.get(isServer ? reference : '') ?? new ModelOpener({ ...this.#options, onWait: waitWarnings(this.#reporter) })
    this.#openers.set(isServer ? reference : '', opener)
    const label = `opening ${shownReference(reference)}`
    const opened = await this.#reporter.phase(SHARED_PART, { phase: 'loading', label }, () => opener.open(reference))
    warnNotCached(this.#reporter, reference, opened)
    if (isServer) this.#servers.set(reference, opened)
    return opened
  }

  async close(): Promise<void> {
    for (const opener of this.#openers.values()) await opener.close()
  }
}

async function gradeSide(context: GradingRun, opened: OpenedModel, adapter: GradedAdapter): Promise<GradeSet> {
  const { model, close } = opened
  const open = { model, close, kl: () => Promise.resolve(null) }
  const who = adapter.arm === null ? 'parent' : 'candidate'
  const grades = await gradeModel(context, open, { adapter, tasks: gateTasks(context), label: `${who} on gate` })
  await gradeModel(context, open, { adapter, tasks: twinTasks(context.suite.features), label: `${who} on twins` })
  return grades
}

/** Relative margins need the parent's dev scores before a gate case is opened; without them the declared margins stand and nothing is asked. */
async function fixMargins(context: GradingRun, opened: OpenedModel, target: string | null): Promise<RoundMargins> {
  const { suite } = context
  if (suite.gate.relativeMargin === null) return roundMargins(suite, () => null)
  const open = { model: opened.model, close: opened.close, kl: () => Promise.resolve(null) }
  const guarded = allEvals(suite).filter((entry) => entry.blocking && entry.eval.name !== target)
  const tasks = guarded.map((entry) => devTask(entry, suite.devCases))
  const dev = await gradeModel(context, open, { adapter: BASE_ADAPTER, tasks, label: 'parent on dev' })
  return roundMargins(suite, (entry) => devScore(entry, recordsOf(dev, entry.eval.name)))
}

interface Sides {
  readonly round: string
  readonly target: string | null
  readonly before: GradeSet
  readonly after: GradeSet
  readonly margins: RoundMargins
}

function judge(context: GradingRun, sides: Sides): RoundVerdict {
  const none: GradeSet = new Map()
  const baselines = { parent: sides.before, base: none, anchors: none, best: none }
  const evals = context.run.plan.evals.map((planned) =>
    evalUnderGate(planned, planned.name === sides.target ? 'target' : 'old', {
      candidate: sides.after,
      baselines,
      mode: 'foreign',
      definition: evalNamed(context.suite, planned.name),
      margin: sides.margins.get(planned.name),
    }),
  )
  const verdict = judgeRound({ round: sides.round, arm: CANDIDATE_ARM, policy: { ...context.suite.gate, plannedRounds: 1 }, evals })
  const names = context.run.plan.evals.map(({ name }) => name)
  const differences = foreignDifferences(names, { before: sides.before, after: sides.after })
  for (const difference of differences) context.reporter.tell(differenceWarning(difference))
  context.run.writeRecord(join(armDirectory(sides.round, CANDIDATE_ARM), VERDICT_FILE), { ...verdict, differences })
  return verdict
}

function differenceWarning({ evalName, hash, pairs, caseIds }: ModelDifference): RunEvent {
  const what =
    hash === 'rendered' ? 'prompt tokens (chat template or tokenizer)' : 'decoding (precision, device, engine, stop tokens or tokenizer)'
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
