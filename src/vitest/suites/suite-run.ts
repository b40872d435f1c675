/**
 * @file One run of a suite that many tests look at: recorded before, or started by the first that asks, and each waits only for its own round.
 */
import type { EvalVerdict } from '../../gate/verdict.ts'
import type { RunEvent } from '../../round/run-event.ts'
import type { RunResult } from '../../round/run-suite.ts'

/** A verdict on one eval, as tests show it. In a recorded one a number that does not exist is null. */
export interface ShownVerdict extends Pick<EvalVerdict, 'name' | 'role' | 'verdict' | 'reason' | 'lost' | 'gained'> {
  readonly before: number | null
  readonly after: number | null
  readonly difference: number | null
  readonly interval: readonly [lower: number | null, upper: number | null]
}

/** The end of one round of one arm. */
export interface RoundEnd {
  /** Null when the round was lost. */
  readonly verdict: { readonly evals: readonly ShownVerdict[] } | null
  /** Why there is no verdict. */
  readonly lost?: string
}

/** The end of a run. */
export interface SuiteResult {
  readonly run: string
  /** The run directory, absolute. */
  readonly directory: string
  readonly exitCode: number
  /** One sentence for people. */
  readonly summary: string
}

export interface SuiteRun {
  /** The end of a round, as soon as it is judged; null when the run ended without it. */
  round(round: string, arm: string): Promise<RoundEnd | null>
  /** The end of the run. Rejects when it could not run, or when it cannot be asserted on. */
  result(): Promise<SuiteResult>
}

/** What tests need of a run that was made here. */
export function toSuiteResult({ directory, exitCode, header }: RunResult): SuiteResult {
  return { run: header.run, directory, exitCode, summary: header.summary }
}

/** A run that `start` begins when it is first asked for. */
export function lazySuiteRun(start: (onEvent: (event: RunEvent) => void) => Promise<SuiteResult>): SuiteRun {
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
  let running: Promise<SuiteResult> | null = null
  const result = (): Promise<SuiteResult> => {
    running ??= start(onEvent)
    return running
  }
  const round = (name: string, arm: string): Promise<RoundEnd | null> => {
    const judged = pending(name, arm)
    const giveUp = (): void => judged.resolve(null)
    result().then(giveUp, giveUp)
    return judged.promise
  }
  return { round, result }
}

interface Pending {
  readonly promise: Promise<RoundEnd | null>
  /** Only the first call counts. */
  readonly resolve: (end: RoundEnd | null) => void
}

function pendingRound(): Pending {
  let resolve: Pending['resolve'] = () => {}
  const promise = new Promise<RoundEnd | null>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
