/**
 * @file Lets requests through to a server at the pace of its AdaptiveLimit. One gate for each server of a process, whatever models it serves.
 */
import { AdaptiveLimit } from './adaptive-limit.ts'
import type { AdaptiveLimitOptions } from './adaptive-limit.ts'

/** Leave to send one request; one of its methods must be called when it has ended. */
export interface Passage {
  succeed(): void
  drop(): void
  refuse(retryAfterMs: number | null): void
}

type Waiting = (passage: Passage) => void

export class ServerGate {
  readonly limit: AdaptiveLimit
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | null = null
  #turnedAwaySinceMs: number | null = null

  constructor(options: AdaptiveLimitOptions = {}) {
    this.limit = new AdaptiveLimit(options)
  }

  /** How long the server has turned everything away by now; 0 after an answer. */
  turnedAwayMs(): number {
    return this.#turnedAwaySinceMs === null ? 0 : performance.now() - this.#turnedAwaySinceMs
  }

  /** Waits for its turn; one that is tried again goes before all that have not begun. Rejects with the signal's reason when that ends the waiting. */
  enter(isRetry = false, signal?: AbortSignal): Promise<Passage> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1)
        reject(signal?.reason as Error)
      }
      const begin: Waiting = (passage) => {
        signal?.removeEventListener('abort', leave)
        resolve(passage)
      }
      signal?.addEventListener('abort', leave, { once: true })
      if (isRetry) this.#waiting.unshift(begin)
      else this.#waiting.push(begin)
      this.#open()
    })
  }

  #open(): void {
    while (this.#waiting.length > 0) {
      const epoch = this.limit.begin(performance.now())
      if (epoch === null) break
      this.#waiting.shift()?.(this.#passage(epoch))
    }
    const pauseMs = this.limit.pauseMs(performance.now())
    if (this.#waiting.length === 0 || pauseMs === 0 || this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#open()
    }, Math.ceil(pauseMs))
  }

  #passage(epoch: number): Passage {
    const ended = (tell: () => void) => (): void => {
      tell()
      this.#open()
    }
    return {
      succeed: ended(() => {
        this.#turnedAwaySinceMs = null
        this.limit.succeed(epoch)
      }),
      drop: ended(() => this.limit.drop()),
      refuse: (retryAfterMs) => {
        this.#turnedAwaySinceMs ??= performance.now()
        ended(() => this.limit.refuse(epoch, performance.now(), retryAfterMs))()
      },
    }
  }
}

const gates = new Map<string, ServerGate>()

/** The gate of a server by its origin; the first caller's options hold for all. */
export function gateOf(url: string, options: AdaptiveLimitOptions = {}): ServerGate {
  const { origin } = new URL(url)
  const gate = gates.get(origin) ?? new ServerGate(options)
  gates.set(origin, gate)
  return gate
}
