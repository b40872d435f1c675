/**
 * @file Grades one eval on one model: the eval as a test, without rounds. By default on `dev` cases, so that looking does not use up the gate.
 */
import type { Case, Role } from '../eval/case.ts'
import { casesWithRole } from '../eval/cases/case-list.ts'
import { intakeWarnings } from '../eval/cases/intake.ts'
import type { Eval, EvalDefinition } from '../eval/eval.ts'
import { loadEval } from '../eval/load-eval.ts'
import { answerWarning } from '../ledger/answer-warning.ts'
import type { RunWarning } from '../ledger/answer-warning.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { TokenUsage } from '../eval/completion.ts'
import { costOf, priceOf } from '../model/cost.ts'
import type { Model } from '../model/model.ts'
import { openModel } from '../model/open-model.ts'
import type { CacheMode, OpenedModel } from '../model/open-model.ts'
import { pickCases } from '../suite/limit-cases.ts'
import { summariseEvaluation } from './evaluation/evaluation-summary.ts'
import type { EvaluationSummary } from './evaluation/evaluation-summary.ts'
import { gradeEvaluation } from './evaluation/grade-evaluation.ts'
import { rewardPassShare } from './evaluation/reward-profile.ts'
import type { ResumeEvaluation } from './evaluation/unfinished-evaluation.ts'
import { waitWarnings, warnNotCached } from './server-warnings.ts'
import { Reporter, SHARED_PART } from './reporter.ts'
import type { RunEvent } from './run-event.ts'
import { NoCasesError } from './errors.ts'

export interface EvaluateOptions {
  readonly definition: EvalDefinition
  /** Path of the eval's file, for messages. */
  readonly file: string
  /** Model directory, PEFT adapter directory, hub id, a server's address like http://host:8000/v1#name; or an open model, which stays open. */
  readonly model: string | Model
  /** Whole model for an adapter, instead of the one that its adapter_config.json names. */
  readonly base?: string | undefined
  /** Default: dev. */
  readonly roles?: readonly Role[] | undefined
  /** At most this many cases, chosen by the hash of their ids. */
  readonly limit?: number | undefined
  /** Folder that the grade records go to; default `reports`. */
  readonly directory?: string | undefined
  readonly seed?: number | undefined
  /** Device of the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  /** What is kept of completions on disk. Default auto. */
  readonly cache?: CacheMode | undefined
  /**
   * Go on with the newest interrupted evaluation of the same cases, settings and model: `true` refuses where there is none, `if-any` begins anew.
   * Default false. A server that cannot show its weights is taken at its name.
   */
  readonly resume?: ResumeEvaluation | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  /** Stops it: what was answered is kept. */
  readonly signal?: AbortSignal | undefined
}

export interface EvaluationResult {
  readonly evalName: string
  /** Completions that were asked: cases times repeats. `summary` counts by case. */
  readonly cases: number
  /** Completions that passed. */
  readonly passed: number
  /** Completions that could not be graded. */
  readonly errors: number
  /** Of the cases, repeats reduced as the eval says; 0 when none could be graded. */
  readonly passShare: number
  /** 95 % interval of the pass share over cases. */
  readonly interval: readonly [lower: number, upper: number]
  readonly meanReward: number | null
  /** Share of completions that pass in the strict `reward` profile; null where graders ask models or run code. */
  readonly rewardPassShare: number | null
  /** By case: repeats reduced as the eval says, uncertainty over cases, readiness, twins, audits, tokens. */
  readonly summary: EvaluationSummary
  /** What makes the figures doubtful: rows that were left out or contradict each other, answers that are nearly all empty or cut off. */
  readonly warnings: readonly RunWarning[]
  readonly records: readonly GradeRecord[]
  /** The file of grade records. */
  readonly file: string
  /** Tokens that a server charged for, without those of cached completions; left out on the embedded engine. */
  readonly usage?: TokenUsage
  /** What they cost, where `HOLDFAST_PRICES` names a price. */
  readonly cost?: number
}

/** @throws NoCasesError, NoEvaluationToResumeError, EvaluationInterruptedError when `signal` fires, and the errors of loading evals and models */
export async function evaluateEval(options: EvaluateOptions): Promise<EvaluationResult> {
  const reporter = new Reporter(options.onEvent)
  const evaluated = await loadEval(options.definition, { origin: options.file })
  const roles = options.roles ?? ['dev']
  const all =
    roles.length === 1 ? casesWithRole(evaluated.cases, roles[0] as Role) : evaluated.cases.filter((row) => roles.includes(row.role))
  if (all.length === 0) throw new NoCasesError({ evalName: evaluated.name, file: options.file, roles })
  const cases = pickWithTwins(all, options.limit)
  const { cache, model: given } = options
  const opened = typeof given === 'string' ? await openForEvaluations(given, options) : asOpened(given)
  try {
    const { model } = opened
    const before = model.spent?.()
    const { records, file } = await gradeEvaluation(
      { ...options, evaluated, cases, model, asked: { cache, device: options.device }, roles },
      reporter,
    )
    const strict = await rewardPassShare(records, evaluated)
    return { ...summarize(evaluated, records, file), rewardPassShare: strict, ...charges(model, before, given) }
  } finally {
    await opened.close()
  }
}

/** At most `limit` cases besides twins, and the twins of those that stay, so that a gap can be seen; twins alone are limited like cases. */
function pickWithTwins(cases: readonly Case[], limit: number | undefined): readonly Case[] {
  if (limit === undefined) return cases
  const originals = cases.filter((row) => row.role !== 'twin')
  if (originals.length === 0) return pickCases(cases, limit)
  const kept = new Set(pickCases(originals, limit).map(({ id }) => id))
  return cases.filter((row) => (row.role === 'twin' ? kept.has(row.twinOf ?? '') : kept.has(row.id)))
}

/** A model that somebody else opened, and closes. */
function asOpened(model: Model): OpenedModel {
  return { model, embedded: null, origin: model.identity.base, hash: model.identity.base, notCached: null, close: () => Promise.resolve() }
}

/** How a model is opened for evaluations. */
export type OpeningOptions = Pick<EvaluateOptions, 'base' | 'device' | 'cache' | 'onEvent'>

/** Opens a model that several evaluations ask; close it after the last. @throws the errors of opening models */
export async function openForEvaluations(reference: string, options: OpeningOptions = {}): Promise<OpenedModel> {
  const reporter = new Reporter(options.onEvent)
  const { base, device, cache } = options
  const opened = await reporter.phase(SHARED_PART, { phase: 'loading', label: 'opening the model' }, () =>
    openModel(reference, { base, device, cache, onWait: waitWarnings(reporter) }),
  )
  warnNotCached(reporter, reference, opened)
  return opened
}

/** What a server counted in this evaluation, and what it costs. */
function charges(model: Model, before: TokenUsage | undefined, given: EvaluateOptions['model']): Pick<EvaluationResult, 'usage' | 'cost'> {
  const after = model.spent?.()
  if (after === undefined) return {}
  const usage = {
    promptTokens: after.promptTokens - (before?.promptTokens ?? 0),
    completionTokens: after.completionTokens - (before?.completionTokens ?? 0),
  }
  const price = priceOf(typeof given === 'string' ? given : given.identity.base)
  return price === null ? { usage } : { usage, cost: costOf(usage, price) }
}

function summarize(evaluated: Eval, records: readonly GradeRecord[], file: string): Omit<EvaluationResult, 'rewardPassShare'> {
  const graded = records.filter((record) => record.pass !== null)
  const passed = graded.filter((record) => record.pass).length
  const summary = summariseEvaluation(records, evaluated)
  const rewards = records.flatMap((record) => (record.reward === null ? [] : [record.reward]))
  return {
    evalName: evaluated.name,
    cases: records.length,
    passed,
    errors: records.length - graded.length,
    passShare: summary.passShare ?? 0,
    interval: summary.interval,
    meanReward: rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
    summary,
    warnings: [
      ...intakeWarnings(evaluated.name, evaluated.intake),
      ...[answerWarning(records, { model: 'the model', evalName: evaluated.name, fewest: 2 })].filter((warning) => warning !== null),
    ],
    records,
    file,
  }
}
