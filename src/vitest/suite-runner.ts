/**
 * @file The vitest runner of a suites project. A suite file is a pure value: when vitest has imported one as a test file, its tests are
 * registered here. Files that a suite imports are not, because only entry files reach `importFile`.
 */
import { TestRunner, inject } from 'vitest'
import type { SuiteDefinition } from '../suite/suite.ts'
import { registerSuite } from './register-suite.ts'
import type { SuiteSettings } from './suites-project.ts'
import { lazySuiteRun } from './suite-run.ts'

declare module 'vitest' {
  interface ProvidedContext {
    holdfast: SuiteSettings
  }
  interface TaskMeta {
    /** What Holdfast found, for reporters. */
    holdfast?: Readonly<Record<string, unknown>>
  }
}

/** Vitest asks for a runner as a default export. */
export default class SuiteRunner extends TestRunner {
  override async importFile(filepath: string, source: 'collect' | 'setup'): Promise<unknown> {
    const module: unknown = await super.importFile(filepath, source)
    const definition = source === 'collect' ? suiteIn(module) : null
    if (definition !== null) register(definition, filepath)
    return module
  }
}

function register(definition: SuiteDefinition, suiteFile: string): void {
  const settings = inject('holdfast')
  const suiteRun = lazySuiteRun(async (onEvent) => {
    // Loaded only now: in a plain run, where nothing is tuned, no engine is loaded either.
    const { runSuite } = await import('../round/run-suite.ts')
    const { renderReport } = await import('../report/render-report.ts')
    const result = await runSuite({ suite: definition, suiteFile, ...settings.run, onEvent })
    await renderReport(result.directory)
    return result
  })
  registerSuite(definition, settings, suiteRun)
}

/** The module's default export when it is a suite, told by its data: it may come from another copy of Holdfast. */
function suiteIn(module: unknown): SuiteDefinition | null {
  if (typeof module !== 'object' || module === null || !('default' in module)) return null
  const value = module.default
  const isSuite = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'holdfast.suite-definition'
  return isSuite ? (value as SuiteDefinition) : null
}
