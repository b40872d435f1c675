/**
 * @file Waits for work that may never end. Nothing is cancelled: what comes after the deadline is dropped.
 */
import { setImmediate } from 'node:timers/promises'

/** What `withinDeadline` gives instead of an answer. */
export const TIMED_OUT: unique symbol = Symbol('timed out')

/** How long an answer may take. */
export interface Deadline {
  readonly deadlineMs: number
  /** Whether the process stays alive for it. Default true. */
  readonly keepAlive?: boolean
}

/**
 * The answer of `work`, or TIMED_OUT. Time in which the event loop stood still, busy with other work, does not count: the answer may have been ready.
 * @throws whatever `work` rejects with in time; later rejections are swallowed
 */
export function withinDeadline<T>(work: PromiseLike<T>, { deadlineMs, keepAlive = true }: Deadline): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout
    const wait = (waitMs: number): void => {
      const dueMs = performance.now() + waitMs
      timer = setTimeout(() => void expire(performance.now() - dueMs), waitMs)
      if (!keepAlive) timer.unref()
    }
    const expire = async (lateMs: number): Promise<void> => {
      if (lateMs > LATE_MS) return wait(lateMs)
      // One turn of the event loop, so that an answer that has arrived is read before it is called late.
      await setImmediate(undefined, { ref: keepAlive })
      resolve(TIMED_OUT)
    }
    wait(deadlineMs)
    // Adopted, so that a promise-like that throws is a rejection.
    Promise.resolve(work)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject)
  })
}

/** A timer later than this waited for a busy event loop. */
const LATE_MS = 50
