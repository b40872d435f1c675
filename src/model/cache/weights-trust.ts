/**
 * @file Whether the weights behind a server are still those that completions are kept for, found out by asking from time to time. What was kept since
 * they were last seen is taken back when they turn out to be others.
 */
import type { CompletionStore } from './completion-store.ts'

/** Null: they could not be asked now, which says nothing of them. */
export type AskWeights = () => Promise<boolean | null>

/** How long a server is believed to have the weights it last showed. */
const BELIEVED_MS = 30_000

/** Once the weights are others, they are never believed again. */
export class WeightsTrust {
  readonly #ask: AskWeights | undefined
  readonly #store: Pick<CompletionStore, 'unconfirmed' | 'confirm' | 'retract'>
  #askedMs = performance.now()
  #isLost = false
  #asking: Promise<boolean> | null = null

  /** Without `ask` the weights cannot change. */
  constructor(ask: AskWeights | undefined, store: Pick<CompletionStore, 'unconfirmed' | 'confirm' | 'retract'>) {
    this.#ask = ask
    this.#store = store
  }

  /** By what was seen lately. */
  async holds(): Promise<boolean> {
    return this.#isFresh() ? !this.#isLost : await this.renew()
  }

  /** To be called when something was kept: asks in the background where the last look is long ago. */
  noteKept(): void {
    if (this.#ask === undefined) this.#store.confirm(this.#store.unconfirmed)
    else if (!this.#isFresh()) void this.renew()
  }

  /** By asking now. */
  renew(): Promise<boolean> {
    this.#asking ??= this.#look().finally(() => (this.#asking = null))
    return this.#asking
  }

  #isFresh(): boolean {
    return performance.now() - this.#askedMs < BELIEVED_MS
  }

  async #look(): Promise<boolean> {
    if (this.#isLost) return false
    // What is kept while the question is under way may have been drawn after it was answered.
    const covered = this.#store.unconfirmed
    const isUnchanged = this.#ask === undefined ? true : await this.#ask().catch(() => null)
    if (isUnchanged === null) return false
    this.#askedMs = performance.now()
    this.#isLost = !isUnchanged
    if (isUnchanged) this.#store.confirm(covered)
    else this.#store.retract()
    return isUnchanged
  }
}
