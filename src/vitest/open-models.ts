/**
 * @file The models of a test worker that are given as modules: each is made by the first eval that asks and shared by all, until the worker ends.
 */
import type { EvaluateOptions } from '../round/evaluate.ts'
import { ModelModuleError } from './errors.ts'

/** What `evaluateEval` takes as its model. */
export type ModelGiven = EvaluateOptions['model']

/** Imports a module of the user, TypeScript included. */
export type ImportModule = (path: string) => Promise<unknown>

/** Models by reference. */
export class OpenModels {
  readonly #opened = new Map<string, Promise<ModelGiven>>()

  /** The model that the module at `path` exports. @throws ModelModuleError, and what the module throws */
  open(path: string, importModule: ImportModule): Promise<ModelGiven> {
    const known = this.#opened.get(path) ?? modelOf(path, importModule)
    this.#opened.set(path, known)
    return known
  }

  /** Closes all. */
  async close(): Promise<void> {
    const opened = [...this.#opened.values()]
    this.#opened.clear()
    for (const model of await Promise.allSettled(opened)) {
      if (model.status === 'fulfilled' && isModel(model.value)) await model.value.close()
    }
  }
}

async function modelOf(path: string, importModule: ImportModule): Promise<ModelGiven> {
  const module = await importModule(path)
  if (typeof module !== 'object' || module === null || !('default' in module)) throw new ModelModuleError(path, 'has no default export')
  const exported = module.default
  const value: unknown = typeof exported === 'function' ? await (exported as () => unknown)() : exported
  if (!isModel(value)) throw new ModelModuleError(path, 'exports something else by default')
  return value as unknown as ModelGiven
}

interface Closeable {
  close(): Promise<void>
}

function isModel(value: unknown): value is Closeable {
  if (typeof value !== 'object' || value === null || !('identity' in value)) return false
  return ['renderedHash', 'generate', 'close'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
}
