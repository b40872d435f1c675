/**
 * @file Grades one eval on one model: the eval as a test, without rounds. By default on `dev` cases, so that looking does not use up the gate.
 */
import { join, resolve } from 'node:path'
import { hashFile } from '../base/hash.ts'
import { hashJson } from '../base/hash.ts'
import type { Role } from '../eval/case.ts'
import type { EvalDefinition } from '../eval/eval.ts'
import { loadEval } from '../eval/load-eval.ts'
import { gradeCases } from '../grading/grade-cases.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import { resolveModel } from '../model/resolve-model.ts'
import { wilson } from '../stats/wilson.ts'
import { pickCases } from '../suite/limit-cases.ts'
import { passShare } from './grade-set.ts'
import { openAdapter } from './open-adapter.ts'
import { openBaseDirectory } from './open-base.ts'
import { Reporter, SHARED_PLACE } from './reporter.ts'
import type { RunEvent } from './run-event.ts'
import { NoCasesError } from './errors.ts'

export interface EvaluateOptions {
  readonly definition: EvalDefinition
  /** Path of the eval's file, for messages. */
  readonly file: string
  /** Model directory, PEFT adapter directory or hub id. */
  readonly model: string
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
}

/** @throws NoCasesError, and the errors of loading evals and models */
export async function evaluateEval(options: EvaluateOptions): Promise<EvaluationResult> {
  const reporter = new Reporter(options.onEvent)
  const evaluated = await loadEval(options.definition, { origin: options.file })
  const roles = options.roles ?? ['dev']
  const all = evaluated.cases.filter((row) => roles.includes(row.role))
  if (all.length === 0) throw new NoCasesError({ evalName: evaluated.name, file: options.file, roles })
  const cases = pickCases(all, options.limit ?? all.length)
  const { baseDirectory, adapterDirectory } = await resolveModel(options.model, { base: options.base })
  const base = await reporter.phase(SHARED_PLACE, { phase: 'loading', label: 'opening the model' }, () =>
    openBaseDirectory(baseDirectory, options.model, { device: options.device }),
  )
  try {
    const hash = adapterDirectory === null ? null : await hashFile(join(adapterDirectory, 'adapter_model.safetensors'))
    const open = await openAdapter(base, adapterDirectory === null || hash === null ? null : { directory: adapterDirectory, hash })
    const seed = options.seed ?? 0
    const name = `${evaluated.name}-${hashJson([base.record.hash, hash, roles, options.limit ?? null, seed, evaluated.sampling])}`
    const file = resolve(options.directory ?? 'reports', 'evals', `${name}-${Date.now().toString(36)}.jsonl`)
    const context = { run: name, suiteHash: 'none', suiteSeed: seed, arm: null, round: null, step: null, trainingSeeds: null, parent: null }
    const records = await reporter.phase(SHARED_PLACE, { phase: 'grading', label: evaluated.name }, (phase) =>
      gradeCases({
        eval: evaluated,
        cases,
        model: open.model,
        purpose: roles.includes('gate') ? 'gate' : 'dev',
        context,
        ledgerFile: file,
        onProgress: (now) => phase.progress(now.done, now.total, now.tokens),
      }),
    )
    return summarize(evaluated.name, records, file)
  } finally {
    await base.engine.close()
  }
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
