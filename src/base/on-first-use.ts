/**
 * @file What is loaded when it is first needed, so that importing who may need it costs nothing.
 */
import { InternalError } from './errors.ts'

/** A module, or what is made of it. */
export class OnFirstUse<Value extends object> {
  readonly #open: () => Promise<Value>
  #value: Value | null = null

  constructor(open: () => Promise<Value>) {
    this.#open = open
  }

  /** Loads it where that has not been done. */
  async load(): Promise<Value> {
    this.#value ??= await this.#open()
    return this.#value
  }

  /** What is loaded. @throws InternalError where nothing was loaded yet */
  get(): Value {
    if (this.#value === null) throw new InternalError('it was asked for before it was loaded', 'OnFirstUse')
    return this.#value
  }

  /** What an action makes of it: at once where it is loaded, else as a promise. */
  use<Result>(action: (value: Value) => Result | Promise<Result>): Result | Promise<Result> {
    return this.#value === null ? this.load().then(action) : action(this.#value)
  }
}
