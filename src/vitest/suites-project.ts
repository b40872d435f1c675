/**
 * @file The vitest project in which suites run. Loaded by vitest's configuration, so it imports nothing that tests need.
 */
import { join, resolve } from 'node:path'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { Vite } from 'vitest/node'
import { addReporter } from './report/add-reporter.ts'
import { DEFAULT_DIRECTORY } from './evals-project.ts'
import { watchCases } from './evals/watch-cases.ts'
import { workerFile } from './worker-file.ts'

/** How suites run under vitest: the options of `holdfast run` that make sense there. */
export interface SuiteRunOptions {
  readonly base?: string
  readonly arms?: readonly string[]
  readonly seed?: number
  readonly budget?: string
  readonly threads?: number
  /** Where runs are written. Default `reports`. */
  readonly directory?: string
}

export interface SuitesProjectOptions {
  /** The project's name, by which `--project` asks for tuning. Default "suites". */
  readonly name?: string
  /** Suite files. Default suites/**\/*.suite.ts. */
  readonly include?: readonly string[]
  readonly run?: SuiteRunOptions
}

/** What the project tells its test workers. */
export interface SuiteSettings {
  readonly project: string
  readonly tune: boolean
  /** What HOLDFAST_RUN names. */
  readonly namedRun: string | null
  readonly run: SuiteRunOptions
}

/**
 * A vitest project whose test files are suite files: `test: { projects: [suitesProject()] }`. Suites are tuned only by `vitest run` with the project
 * named (`--project`), or with HOLDFAST_TUNE=1. Otherwise, and always in watch mode, they assert on the latest finished run, or on the one that
 * HOLDFAST_RUN names.
 */
export function suitesProject(options: SuitesProjectOptions = {}): TestProjectInlineConfiguration {
  const name = options.name ?? 'suites'
  return {
    plugins: [watchCases(), tuneWhenAsked(name, options.run ?? {})],
    test: {
      name,
      include: [...(options.include ?? ['suites/**/*.suite.ts'])],
      runner: workerFile('runner'),
      // onnxruntime-node is a native module: processes, and one suite at a time.
      pool: 'forks',
      fileParallelism: false,
      testTimeout: 0,
      hookTimeout: 0,
    },
  }
}

function tuneWhenAsked(name: string, run: SuiteRunOptions): Vite.Plugin {
  return {
    name: 'holdfast:suites',
    configureVitest({ vitest, project }) {
      const namedRun = process.env['HOLDFAST_RUN'] === '' ? null : (process.env['HOLDFAST_RUN'] ?? null)
      const asked = process.env['HOLDFAST_TUNE'] === '1' || (vitest.config.project.includes(name) && namedRun === null)
      project.provide('holdfastSuites', { project: name, tune: asked && !vitest.config.watch, namedRun, run })
      addReporter(vitest, resolve(vitest.config.root, run.directory === undefined ? DEFAULT_DIRECTORY : join(run.directory, 'vitest')))
    },
  }
}
