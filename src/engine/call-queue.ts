/**
 * @file Calls of an engine one after another in the order in which they were made, so that a generation never sees weights that a step is changing.
 * After the last one, none.
 */
import { EngineClosedError } from './errors.ts'

/** A queue of calls. */
export interface CallQueue {
  /** Does `work` when every earlier call has been answered, well or not. */
  run<T>(work: () => Promise<T> | T): Promise<T>
  /** Does `work` as the last call; later ones are refused with EngineClosedError, further closes do nothing. */
  close(work: () => Promise<void>): Promise<void>
}

export function createCallQueue(): CallQueue {
  let last: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | undefined
  const enqueue = <T>(work: () => Promise<T> | T): Promise<T> => {
    const answer = last.then(work)
    last = answer.catch(() => undefined)
    return answer
  }
  return {
    run: (work) => (closing === undefined ? enqueue(work) : Promise.reject(new EngineClosedError({ reason: 'it was closed' }))),
    close: (work) => (closing ??= enqueue(work)),
  }
}
