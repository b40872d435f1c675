/**
 * @file The models of a test worker: each is opened by the first eval that asks and shared by all, until the worker ends.
 */
import type { EvaluateOptions, OpeningOptions } from '../../round/evaluate.ts'
import { ModelModuleError } from '../errors.ts'

/** What `evaluateEval` takes as its model. */
export type ModelGiven = EvaluateOptions['model']

/** Imports a module of the user, TypeScript included. */
export type ImportModule = (path: string) => Promise<unknown>

/** Models by reference or by the path of their module. */
export class OpenModels {
  readonly #opened = new Map<string, Promise<Opened>>()

  /** The model that the module at `path` exports. @throws ModelModuleError, and what the module throws */
  async openModule(path: string, importModule: ImportModule): Promise<ModelGiven> {
    const { model } = await this.#once(path, () => modelOf(path, importModule))
    return model
  }

  /** The model that a reference names. @throws the errors of opening models */
  async open(reference: string, options: OpeningOptions): Promise<ModelGiven> {
    // Loaded only now: where nothing is graded, no engine is loaded either.
    const { openForEvaluations } = await import('../../round/evaluate.ts')
    const { model } = await this.#once(reference, () => openForEvaluations(reference, options))
    return model
  }

  /** Closes all. */
  async close(): Promise<void> {
    const opened = [...this.#opened.values()]
    this.#opened.clear()
    for (const one of await Promise.allSettled(opened)) if (one.status === 'fulfilled') await one.value.close()
  }

  #once(key: string, opening: () => Promise<Opened>): Promise<Opened> {
    const known = this.#opened.get(key) ?? opening()
    this.#opened.set(key, known)
    return known
  }
}

/** An open model. */
interface Opened {
  readonly model: ModelGiven
  close(): Promise<void>
}

async function modelOf(path: string, importModule: ImportModule): Promise<Opened> {
  const module = await importModule(path)
  if (typeof module !== 'object' || module === null || !('default' in module))
    throw new ModelModuleError({ path, problem: 'has no default export' })
  const exported = module.default
  const value: unknown = typeof exported === 'function' ? await (exported as () => unknown)() : exported
  if (!isModel(value)) throw new ModelModuleError({ path, problem: 'exports something else by default' })
  return { model: value, close: () => value.close() }
}

function isModel(value: unknown): value is Exclude<ModelGiven, string> {
  if (typeof value !== 'object' || value === null || !('identity' in value)) return false
  return ['renderedHash', 'generate', 'close'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
}
