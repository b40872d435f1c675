/**
 * @file Turns what the steps of a run do into run events and telemetry lines. Times never reach a record that is compared byte by byte.
 */
import type { Run } from '../ledger/run.ts'
import type { RunEvent, RunPhase } from './run-event.ts'

/** Where in a run something happens; both null for what all arms share. */
export interface RunPart {
  readonly round: string | null
  readonly arm: string | null
}

export const SHARED_PART: RunPart = { round: null, arm: null }

/** One phase under way. */
export interface PhaseReporter {
  progress(done: number, total: number, tokens: number): void
}

/** Tells listeners and telemetry what a run does. */
export class Reporter {
  readonly #listener: (event: RunEvent) => void
  #run: Run | null = null

  constructor(listener: ((event: RunEvent) => void) | undefined) {
    this.#listener = listener ?? (() => undefined)
  }

  /** From now on telemetry goes to this run. */
  open(run: Run): void {
    this.#run = run
  }

  tell(event: RunEvent): void {
    this.#listener(event)
  }

  /** Runs `work` as one phase: announced, its progress passed on, its time and memory written down. */
  async phase<T>(
    part: RunPart,
    named: { readonly phase: RunPhase; readonly label: string },
    work: (phase: PhaseReporter) => Promise<T>,
  ): Promise<T> {
    const start = performance.now()
    let tokens = 0
    this.tell({ type: 'phase', ...part, ...named })
    const progress = (done: number, total: number, tokensSoFar: number): void => {
      tokens = tokensSoFar
      const seconds = (performance.now() - start) / 1000
      this.tell({
        type: 'progress',
        ...part,
        phase: named.phase,
        done,
        total,
        tokens,
        tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
      })
    }
    try {
      return await work({ progress })
    } finally {
      this.#measure({ ...part, phase: named.phase, seconds: (performance.now() - start) / 1000, tokens })
    }
  }

  #measure(measured: RunPart & { phase: string; seconds: number; tokens: number }): void {
    this.#run?.noteTelemetry({ at: new Date().toISOString(), residentBytes: process.memoryUsage.rss(), ...measured })
  }
}
