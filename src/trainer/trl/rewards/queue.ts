/**
 * @file Lets a few pieces of work run at once and the others wait in order. It gives the event loop a turn now and then, so that graders that
 * answer at once do not keep a stop signal or other requests waiting.
 */
import { setImmediate } from 'node:timers/promises'

/** The longest that the queue keeps the event loop to itself, single pieces of work aside. */
const BUSY_MS = 20

/** A queue that runs a fixed number of pieces of work at once. */
export class GraderQueue {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #turnMs = performance.now()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Pieces of work that wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs `work` when its turn comes. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#limit) this.#taken++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      if (performance.now() - this.#turnMs > BUSY_MS) await this.#giveTurn()
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken--
      else next()
    }
  }

  async #giveTurn(): Promise<void> {
    await setImmediate()
    this.#turnMs = performance.now()
  }
}
