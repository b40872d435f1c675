/**
 * @file The vitest project in which evals run as tests. Loaded by vitest's configuration, so it imports nothing that tests need.
 */
import { resolve } from 'node:path'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { Vite } from 'vitest/node'
import type { Role } from '../eval/case.ts'
import { addReporter, hasJunit } from './report/add-reporter.ts'
import { workerFile } from './worker-file.ts'
import { watchCases } from './evals/watch-cases.ts'

export interface EvalsProjectOptions {
  /**
   * What answers: whatever `holdfast eval --model` takes, or a module (`./my-model.ts`, from vitest's root) whose default export is a Model.
   * HOLDFAST_MODEL names another one. Without any, each eval is one skipped test.
   */
  readonly model?: string
  /** The project's name. Default "evals". */
  readonly name?: string
  /** Eval files. Default evals/**\/*.eval.ts. */
  readonly include?: readonly string[]
  /** `always`: in every `vitest` and `vitest run` (the default). `named`: only when the project is named with `--project`, or with HOLDFAST_EVALS=1. */
  readonly when?: 'always' | 'named'
  /** Whole model for an adapter, instead of the one that its adapter_config.json names. */
  readonly base?: string
  /** Which cases are asked. Default dev, so that a test run does not use up the gate. */
  readonly roles?: readonly Role[]
  /** At most this many cases of each eval, chosen by the hash of their ids. */
  readonly limit?: number
  readonly seed?: number
  readonly device?: 'cpu' | 'webgpu'
  /** Share of cases that may stay ungraded before an eval's test fails, whatever passed. Default 0.02. */
  readonly errorBudgetShare?: number
  /** Where grades, what passed last time and report.json are written. Default reports/vitest. */
  readonly directory?: string
}

/** What the project tells its test workers; it crosses between processes, so it is data only. */
export interface EvalSettings extends Omit<EvalsProjectOptions, 'name' | 'include' | 'when' | 'model'> {
  /** As it was named; null where none was. */
  readonly model: string | null
  /** Absolute path of the module that exports the model; null where the model is no module. */
  readonly modelModule: string | null
  /** Why no eval is run, in one sentence; null where they are. */
  readonly skipped: string | null
  readonly project: string
  readonly directory: string
  readonly errorBudgetShare: number
  /** Whether scores are written as annotations, which vitest's junit reporter prints as properties. */
  readonly scores: boolean
}

/** Where grades and reports of a vitest run go when nobody says otherwise. */
export const DEFAULT_DIRECTORY = 'reports/vitest'

/**
 * A vitest project whose test files are eval files: `test: { projects: [evalsProject({ model: 'models/nano' })] }`. Each eval is one test, which
 * fails when fewer cases pass than its `minPass`; the cases are graded inside it.
 */
export function evalsProject(options: EvalsProjectOptions = {}): TestProjectInlineConfiguration {
  const name = options.name ?? 'evals'
  return {
    plugins: [watchCases(), provideSettings(name, options)],
    test: {
      name,
      include: [...(options.include ?? ['evals/**/*.eval.ts'])],
      runner: workerFile('runner'),
      // One process for all eval files, so that a model is opened once.
      pool: 'forks',
      isolate: false,
      fileParallelism: false,
      testTimeout: 0,
      hookTimeout: 0,
    },
  }
}

const MODULE_REFERENCE = /^(?:\.{1,2}\/|\/|[A-Za-z]:[\\/]).*\.[cm]?[jt]s$/

function provideSettings(project: string, options: EvalsProjectOptions): Vite.Plugin {
  const { name: _name, include: _include, when = 'always', model: _model, ...rest } = options
  const named = process.env['HOLDFAST_MODEL']
  const model = named === undefined || named === '' ? (options.model ?? null) : named
  return {
    name: 'holdfast:evals',
    configureVitest({ vitest, project: testProject }) {
      const asked = when === 'always' || vitest.config.project.includes(project) || process.env['HOLDFAST_EVALS'] === '1'
      const directory = resolve(vitest.config.root, options.directory ?? DEFAULT_DIRECTORY)
      const skipped = asked ? (model === null ? NO_MODEL : null) : notAsked(project)
      const settings: EvalSettings = {
        errorBudgetShare: 0.02,
        ...rest,
        model,
        modelModule: model !== null && MODULE_REFERENCE.test(model) ? resolve(testProject.config.root, model) : null,
        skipped,
        project,
        directory,
        scores: hasJunit(vitest),
      }
      testProject.provide('holdfastEvals', settings)
      addReporter(vitest, directory)
    },
  }
}

const NO_MODEL = 'no model is named; write evalsProject({ model: … }) in the vitest configuration, or set HOLDFAST_MODEL'

function notAsked(project: string): string {
  return `not run unless asked for; name its project ("vitest run --project ${project}") or set HOLDFAST_EVALS=1`
}
