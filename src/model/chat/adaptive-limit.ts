/**
 * @file How many requests a server is sent at a time: found out from how it answers. Pure: the caller says what time it is and does the waiting.
 *
 * Slow start doubles the limit each round until the server first slows us; after that it grows by a sixteenth a round. It is halved, once a round at
 * most, when a server says when to come back (Retry-After), or when it turns away more than a fifth of what was sent lately: rarer refusals are tried
 * again and say nothing of our pace. (Halving at every refusal would keep a server that refuses one in twenty at a handful of requests.)
 * Source: the congestion window of Jacobson, "Congestion avoidance and control" (1988), with a threshold on the loss rate.
 */
import { LONGEST_ASKED_MS } from '../server/retry-delay.ts'

export interface AdaptiveLimitOptions {
  /** Requests at a time at first. Default 8. */
  readonly first?: number
  /** Never more than these. Default 64. */
  readonly most?: number
}

const LOOK_BACK = 20
const REFUSED_SHARE = 0.2
const GROWTH = 1 / 16

/** The pace of one server, shared by everything that asks it. */
export class AdaptiveLimit {
  /** The limit never grows beyond it. */
  readonly most: number
  #limit: number
  #isSlowStart = true
  #running = 0
  /** Whether more was to be sent lately than the limit lets through: a limit that is not reached has not been tried. */
  #isWanted = false
  /** Requests begun before this one say nothing of the limit as it is now. */
  #epoch = 0
  #pausedUntilMs = 0
  #answered = 0
  #refused = 0

  constructor({ first = 8, most = 64 }: AdaptiveLimitOptions = {}) {
    this.most = Math.max(1, most)
    this.#limit = Math.min(this.most, Math.max(1, first))
  }

  /** Requests that may run at a time now. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit))
  }

  get running(): number {
    return this.#running
  }

  /** How long nothing may be begun because the server asked for a pause. */
  pauseMs(nowMs: number): number {
    return Math.max(0, this.#pausedUntilMs - nowMs)
  }

  /** Begins a request where one may begin: gives its epoch, to be named when it ends; null when it must wait. */
  begin(nowMs: number): number | null {
    if (this.#running >= this.limit) this.#isWanted = true
    if (this.#running >= this.limit || this.pauseMs(nowMs) > 0) return null
    this.#running += 1
    return this.#epoch
  }

  /** A request ended with an answer, or with a failure that has nothing to do with pace. */
  succeed(epoch: number): void {
    this.#end()
    if (epoch !== this.#epoch) return
    this.#count(0)
    if (this.#isWanted)
      this.#limit = Math.min(this.most, this.#limit + (this.#isSlowStart ? 1 : Math.max(1, this.#limit * GROWTH) / this.#limit))
  }

  /** A request ended without saying anything of the server's pace. */
  drop(): void {
    this.#end()
  }

  /** The server turned a request away (429, 503); `retryAfterMs` is the pause that it asked for, null where it named none. */
  refuse(epoch: number, nowMs: number, retryAfterMs: number | null): void {
    this.#end()
    const asked = Math.min(LONGEST_ASKED_MS, retryAfterMs ?? 0)
    if (asked > 0) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + asked)
    if (epoch !== this.#epoch) return
    this.#count(1)
    if (asked > 0 || this.#isCrowded()) this.#halve()
  }

  #end(): void {
    this.#running -= 1
    if (this.#running < this.#limit / 2) this.#isWanted = false
  }

  #count(refused: 0 | 1): void {
    this.#answered += 1
    this.#refused += refused
    // Half of the past is forgotten, so that the share is a recent one.
    if (this.#answered >= 2 * Math.max(LOOK_BACK, this.#limit)) {
      this.#answered /= 2
      this.#refused /= 2
    }
  }

  #isCrowded(): boolean {
    return this.#refused > REFUSED_SHARE * Math.max(LOOK_BACK, this.#answered)
  }

  #halve(): void {
    this.#limit = Math.max(1, this.#limit / 2)
    this.#isSlowStart = false
    this.#epoch += 1
    this.#answered = 0
    this.#refused = 0
  }
}
