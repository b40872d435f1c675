/**
 * @file Events that several readers can follow from any position while they are still being written.
 */
import type { TrainingEvent } from './training-event.ts'

/** A growing list of events; `read` ends when `close` was called and everything was given out. */
export class EventStream {
  readonly #events: TrainingEvent[]
  #closed = false
  #wake: () => void = () => undefined
  #changed: Promise<void> = Promise.resolve()

  constructor(earlier: readonly TrainingEvent[]) {
    this.#events = [...earlier]
    this.#arm()
  }

  push(event: TrainingEvent): void {
    this.#events.push(event)
    this.#notify()
  }

  close(): void {
    this.#closed = true
    this.#notify()
  }

  async *read(from = 0): AsyncGenerator<TrainingEvent> {
    for (let position = from; ; position++) {
      while (position >= this.#events.length) {
        if (this.#closed) return
        await this.#changed
      }
      yield this.#events[position] as TrainingEvent
    }
  }

  #notify(): void {
    const wake = this.#wake
    this.#arm()
    wake()
  }

  #arm(): void {
    this.#changed = new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
