/* oxlint-disable import/no-default-export -- vitest asks for a runner as a default export */
/**
 * @file The vitest runner of eval and suite projects. Their files are pure values: when vitest has imported one as a test file, its tests are
 * registered here. Files that they import are not, because only entry files reach `importFile`.
 */
import { TestRunner, inject } from 'vitest'
import type { EvalDefinition } from '../eval/eval.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { testedCases } from './evals/eval-tests.ts'
import { lazyEvaluation } from './evals/evaluate-as-test.ts'
import type { EvalSettings } from './evals-project.ts'
import { OpenModels } from './evals/open-models.ts'
import type { ModelGiven } from './evals/open-models.ts'
import { registerEval } from './evals/register-eval.ts'
import type { SuiteSettings } from './suites-project.ts'

declare module 'vitest' {
  interface ProvidedContext {
    holdfastSuites: SuiteSettings
    holdfastEvals: EvalSettings
  }
}

/** Vitest makes one for each worker, and a worker of an eval project runs all of its files. */
export default class HoldfastRunner extends TestRunner {
  readonly #models = new OpenModels()

  constructor(config: ConstructorParameters<typeof TestRunner>[0]) {
    super(config)
    this.onCleanupWorkerContext(() => this.#models.close())
  }

  override async importFile(filepath: string, source: 'collect' | 'setup'): Promise<unknown> {
    const module: unknown = await super.importFile(filepath, source)
    const definition = source === 'collect' ? definitionIn(module) : null
    if (definition?.kind === 'holdfast.suite-definition') {
      // Evals need none of it.
      const { registerSuiteFile } = await import('./suites/suite-tests.ts')
      registerSuiteFile(definition, filepath, inject('holdfastSuites'))
    }
    if (definition?.kind === 'holdfast.eval-definition') await this.#registerEval(definition, filepath)
    return module
  }

  async #registerEval(definition: EvalDefinition, file: string): Promise<void> {
    const settings = inject('holdfastEvals')
    const model = settings.model ?? ''
    const importModule = (path: string): Promise<unknown> => Promise.resolve(super.importFile(path, 'collect'))
    const { modelModule, base, device } = settings
    const open = (): Promise<ModelGiven> =>
      modelModule === null ? this.#models.open(model, { base, device }) : this.#models.openModule(modelModule, importModule)
    const cases = settings.skipped === null ? await testedCases(definition, file, settings) : null
    registerEval({
      definition,
      file,
      settings,
      cases,
      evaluate: lazyEvaluation({ definition, file, settings: { ...settings, model }, open }),
    })
  }
}

/** A module's default export when it is an eval or a suite, told by its data: it may come from another copy of Holdfast. */
function definitionIn(module: unknown): EvalDefinition | SuiteDefinition | null {
  if (typeof module !== 'object' || module === null || !('default' in module)) return null
  const value = module.default
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null
  const isOurs = value.kind === 'holdfast.suite-definition' || value.kind === 'holdfast.eval-definition'
  return isOurs ? (value as EvalDefinition | SuiteDefinition) : null
}
