/**
 * @file Grades one eval on one model: the eval as a test, without rounds. By default on `dev` cases, so that looking does not use up the gate.
 */
import { resolve } from 'node:path'
import { hashJson } from '../base/hash.ts'
import type { Role } from '../eval/case.ts'
import type { EvalDefinition } from '../eval/eval.ts'
import { loadEval } from '../eval/load-eval.ts'
import { gradeCases } from '../grading/grade-cases.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { TokenUsage } from '../eval/completion.ts'
import { costOf, priceOf } from '../model/cost.ts'
import type { Model } from '../model/model.ts'
import { openModel } from '../model/open-model.ts'
import type { CacheMode, OpenedModel } from '../model/open-model.ts'
import { createGraderModels } from '../grading/grader-models.ts'
import { wilson } from '../stats/wilson.ts'
import { pickCases } from '../suite/limit-cases.ts'
import { passShare } from './grade-set.ts'
import { serverWarnings } from './server-warnings.ts'
import { Reporter, SHARED_PLACE } from './reporter.ts'
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
  readonly onEvent?: ((event: RunEvent) => void) | undefined
}

export interface EvaluationResult {
  readonly evalName: string
  readonly cases: number
  readonly passed: number
  /** Cases that could not be graded. */
  readonly errors: number
  readonly passShare: number
  /** Wilson's 95 % interval of the pass share. */
  readonly interval: readonly [lower: number, upper: number]
  readonly meanReward: number | null
  readonly records: readonly GradeRecord[]
  /** The file of grade records. */
  readonly file: string
  /** Tokens that a server charged for, without those of cached completions; left out on the embedded engine. */
  readonly usage?: TokenUsage
  /** What they cost, where `HOLDFAST_PRICES` names a price. */
  readonly cost?: number
}

/** @throws NoCasesError, and the errors of loading evals and models */
export async function evaluateEval(options: EvaluateOptions): Promise<EvaluationResult> {
  const reporter = new Reporter(options.onEvent)
  const evaluated = await loadEval(options.definition, { origin: options.file })
  const roles = options.roles ?? ['dev']
  const all = evaluated.cases.filter((row) => roles.includes(row.role))
  if (all.length === 0) throw new NoCasesError({ evalName: evaluated.name, file: options.file, roles })
  const cases = pickCases(all, options.limit ?? all.length)
  const reference = typeof options.model === 'string' ? options.model : options.model.identity.base
  const { tell, onFailure } = serverWarnings(reporter, reference)
  const { base, device, cache } = options
  const opened = await reporter.phase(SHARED_PLACE, { phase: 'loading', label: 'opening the model' }, () =>
    typeof options.model === 'string'
      ? openModel(options.model, { base, device, cache, onFailure })
      : Promise.resolve(asOpened(options.model)),
  )
  const models = createGraderModels({ cache })
  try {
    tell(opened)
    const { model } = opened
    const seed = options.seed ?? 0
    const { base: baseHash, adapter } = model.identity
    const name = `${evaluated.name}-${hashJson([baseHash, adapter, roles, options.limit ?? null, seed, evaluated.sampling])}`
    const file = resolve(options.directory ?? 'reports', 'evals', `${name}-${Date.now().toString(36)}.jsonl`)
    const context = { run: name, suiteHash: 'none', suiteSeed: seed, arm: null, round: null, step: null, trainingSeeds: null, parent: null }
    const records = await reporter.phase(SHARED_PLACE, { phase: 'grading', label: evaluated.name }, (phase) =>
      gradeCases({
        eval: evaluated,
        cases,
        model,
        purpose: roles.includes('gate') ? 'gate' : 'dev',
        context,
        ledgerFile: file,
        models,
        onProgress: (now) => phase.progress(now.done, now.total, now.tokens),
      }),
    )
    return { ...summarize(evaluated.name, records, file), ...charges(opened, reference) }
  } finally {
    await models.close()
    await opened.close()
  }
}

/** A model that somebody else opened, and closes. */
function asOpened(model: Model): OpenedModel {
  return { model, embedded: null, place: model.identity.base, hash: model.identity.base, notCached: null, close: () => Promise.resolve() }
}

/** What a server counted, and what it costs. */
function charges({ model }: OpenedModel, reference: string): Pick<EvaluationResult, 'usage' | 'cost'> {
  const usage = model.spent?.()
  if (usage === undefined) return {}
  const price = priceOf(reference)
  return price === null ? { usage } : { usage, cost: costOf(usage, price) }
}

function summarize(evalName: string, records: readonly GradeRecord[], file: string): EvaluationResult {
  const graded = records.filter((record) => record.pass !== null)
  const passed = graded.filter((record) => record.pass).length
  const rewards = records.flatMap((record) => (record.reward === null ? [] : [record.reward]))
  return {
    evalName,
    cases: records.length,
    passed,
    errors: records.length - graded.length,
    passShare: passShare(records),
    interval: graded.length === 0 ? [0, 1] : wilson(passed, graded.length),
    meanReward: rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
    records,
    file,
  }
}
