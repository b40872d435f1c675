/**
 * @file The sandbox of a candidate's code while its tests run in another one. It only gives values: whether they are right is not decided here.
 */
import { QuickJsRealm } from './quickjs-realm.ts'
import type { RealmLimits } from './quickjs-realm.ts'

const DECLARATION = /\b(?:function[ \t]*\*?|class|const|let|var)[ \t]+([A-Za-z_$][\w$]{0,99})/g
const NAMES_AT_MOST = 200
const MODULE = 'var module = { exports: {} }, exports = module.exports'

/** A candidate's program, loaded again after it had to be stopped. */
export class CandidateSide {
  /** Answers the candidate's calls of functions that the tests passed in. */
  callBack: (text: string) => string = () => errorReply('there is no such function')
  /** Why its program is no JavaScript; null when it is. */
  syntaxError: string | null = null
  /** Why what it says does not count: it did not load, took too long or broke the interpreter. */
  failure: string | null = 'the code is not loaded'
  readonly #code: string
  readonly #limits: RealmLimits
  #realm: QuickJsRealm | null = null
  #loads = false

  constructor(code: string, limits: RealmLimits) {
    this.#code = code
    this.#limits = limits
  }

  /** Whether a call has spoilt a program that loads. */
  get isSpoilt(): boolean {
    return this.failure !== null && this.#loads
  }

  /** Loads the program into a new sandbox; `onStart` sets the deadline when the sandbox is there. */
  async load(onStart: () => void): Promise<void> {
    const realm = await QuickJsRealm.open(this.#limits, (text) => this.callBack(text))
    this.#realm = realm
    onStart()
    this.failure = this.#loadInto(realm)
    this.#loads = this.failure === null
  }

  #loadInto(realm: QuickJsRealm): string | null {
    try {
      this.syntaxError = realm.syntaxError(this.#code)
      if (this.syntaxError !== null) return this.syntaxError
      realm.evaluate(MODULE)
      realm.invoke('haveTimers', [])
      const loaded = realm.evaluate(this.#code)
      if (realm.isLate()) return 'the code took too long to load'
      return loaded.error === undefined ? null : `the code threw when it was loaded: ${loaded.error}`
    } catch (error) {
      return broke(error)
    }
  }

  /** Answers one call of the tests. */
  answer(text: string): string {
    const realm = this.#realm
    if (realm === null || this.failure !== null) return errorReply(this.failure ?? '')
    try {
      const reply = realm.receive(text)
      if (!realm.isLate()) return reply
      this.failure = 'the code took too long'
    } catch (error) {
      // Also a fault of the interpreter itself, which leaves the instance unusable.
      this.failure = realm.isLate() ? 'the code took too long' : broke(error)
    }
    return errorReply(this.failure)
  }

  /** What it declares, with the kind of each value. */
  names(): readonly (readonly [string, string])[] {
    const realm = this.#realm
    if (realm === null || this.failure !== null) return []
    const declared = [...this.#code.matchAll(DECLARATION)].map(([, name]) => name as string)
    return [...new Set([...declared, ...exportedNames(realm)])]
      .slice(0, NAMES_AT_MOST)
      .map((name) => [name, String(realm.invoke('kindOf', [name]))] as const)
      .filter(([, kind]) => kind !== 'missing')
  }
}

function exportedNames(realm: QuickJsRealm): readonly string[] {
  const { ok } = JSON.parse(String(realm.invoke('exported', []))) as { readonly ok?: unknown }
  const names: readonly unknown[] = Array.isArray(ok) ? ok : []
  return names.filter((name): name is string => typeof name === 'string' && /^[A-Za-z_$][\w$]{0,99}$/.test(name))
}

function broke(error: unknown): string {
  return `the code broke its sandbox (${String(error).slice(0, 100)})`
}

function errorReply(message: string): string {
  return JSON.stringify({ error: { name: 'Error', message } })
}
