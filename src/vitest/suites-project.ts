/**
 * @file The vitest project in which suites run. Loaded by vitest's configuration, so it imports nothing that tests need.
 */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { Vite } from 'vitest/node'

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
  readonly tune: boolean
  readonly run: SuiteRunOptions
}

/**
 * A vitest project whose test files are suite files: `test: { projects: [suitesProject()] }`. Suites are tuned only when the project is
 * named with `--project`, or with HOLDFAST_TUNE=1; in a plain `vitest run` each is one skipped test.
 */
export function suitesProject(options: SuitesProjectOptions = {}): TestProjectInlineConfiguration {
  const name = options.name ?? 'suites'
  return {
    plugins: [tuneWhenNamed(name, options.run ?? {})],
    test: {
      name,
      include: [...(options.include ?? ['suites/**/*.suite.ts'])],
      // The built file and the source lie side by side with their like: .js in dist, .ts in src.
      runner: fileURLToPath(new URL(`./suite-runner${extname(import.meta.url)}`, import.meta.url)),
      // onnxruntime-node is a native module: processes, and one suite at a time.
      pool: 'forks',
      fileParallelism: false,
      testTimeout: 0,
      hookTimeout: 0,
    },
  }
}

function tuneWhenNamed(name: string, run: SuiteRunOptions): Vite.Plugin {
  return {
    name: 'holdfast:suites',
    configureVitest({ vitest, project }) {
      const asked = vitest.config.project.includes(name) || process.env['HOLDFAST_TUNE'] === '1'
      project.provide('holdfast', { tune: asked, run })
    },
  }
}
