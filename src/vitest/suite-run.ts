/**
 * @file One run of a suite that many tests look at: started by the first that asks, and each waits only for its own round.
 */
import type { RunEvent } from '../round/run-event.ts'
import type { RunResult } from '../round/run-suite.ts'

/** The end of one round of one arm. */
export type RoundFinished = Extract<RunEvent, { type: 'round-finished' }>

export interface SuiteRun {
  /** The end of a round, as soon as it is judged; null when the run ended without it. */
  round(round: string, arm: string): Promise<RoundFinished | null>
  /** The end of the run. Rejects when it could not run. */
  result(): Promise<RunResult>
}

/** A run that `start` begins when it is first asked for. */
export function lazySuiteRun(start: (onEvent: (event: RunEvent) => void) => Promise<RunResult>): SuiteRun {
  const rounds = new Map<string, Pending>()
  const pending = (round: string, arm: string): Pending => {
    const key = JSON.stringify([round, arm])
    const known = rounds.get(key) ?? pendingRound()
    rounds.set(key, known)
    return known
  }
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'round-finished') pending(event.round, event.arm).resolve(event)
  }
  let running: Promise<RunResult> | null = null
  const result = (): Promise<RunResult> => {
    running ??= start(onEvent)
    return running
  }
  const round = (name: string, arm: string): Promise<RoundFinished | null> => {
    const judged = pending(name, arm)
    const giveUp = (): void => judged.resolve(null)
    result().then(giveUp, giveUp)
    return judged.promise
  }
  return { round, result }
}

interface Pending {
  readonly promise: Promise<RoundFinished | null>
  /** Only the first call counts. */
  readonly resolve: (end: RoundFinished | null) => void
}

function pendingRound(): Pending {
  let resolve: Pending['resolve'] = () => {}
  const promise = new Promise<RoundFinished | null>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
