/**
 * @file What a run tells while it works, for progress displays and test reporters. Live figures only: nothing here becomes part of a record.
 */
import type { RoundVerdict } from '../gate/verdict.ts'
import type { Plan, RunHeader } from '../ledger/run-records.ts'

/** What a run is doing, in the words that a progress display shows. */
export type RunPhase = 'loading' | 'grading' | 'sampling' | 'training' | 'checkpoint' | 'judging' | 'reporting'

/** Where in the run something happens: round and arm are null for what all arms share (loading, grading the base). */
interface RunPart {
  readonly round: string | null
  readonly arm: string | null
}

export type RunEvent =
  | { readonly type: 'run-started'; readonly run: string; readonly directory: string; readonly plan: Plan }
  | ({ readonly type: 'phase'; readonly phase: RunPhase; readonly label: string } & RunPart)
  | ({
      readonly type: 'progress'
      readonly phase: RunPhase
      readonly done: number
      readonly total: number
      /** Tokens handled in this phase so far. */
      readonly tokens: number
      readonly tokensPerSecond: number
    } & RunPart)
  | {
      readonly type: 'round-finished'
      readonly round: string
      readonly arm: string
      readonly role: 'candidate' | 'control'
      /** Null when the round was lost. */
      readonly verdict: RoundVerdict | null
      /** Why there is no verdict: the trainer was lost, or the lineage ended before this round. */
      readonly lost?: string
    }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'run-finished'; readonly header: RunHeader; readonly directory: string }
