/**
 * @file Backend: what trains a run's adapters and answers its evals. One for the embedded engine, one for TRL; the rounds know neither.
 */
import type { TokenSequence } from '../../engine/engine.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Plan } from '../../ledger/run-records.ts'
import type { Model } from '../../model/model.ts'
import type { Trainer } from '../../trainer/trainer.ts'
import type { AcceptedAdapter } from '../lineage.ts'

/** What is known of the base once its backend is open. */
export interface PlannedBase {
  readonly name: string
  readonly directory: string
  readonly hash: string
  readonly tokenizer: string
  readonly parameterCount: number
  readonly runtime: string
}

/** A model that answers, open until `close`. */
export interface OpenModel {
  readonly model: Model
  /** Mean KL(base || this model) in nats per token of these answers; 0 for the base itself, null where it cannot be measured. */
  kl(answers: readonly TokenSequence[]): Promise<number | null>
  close(): Promise<void>
}

/** A device with everything one arm needs; what happens in one place happens one after another. */
export interface BackendPlace {
  readonly trainer: Trainer
  /** The base (null) or one of its adapters. */
  open(adapter: AcceptedAdapter | null): Promise<OpenModel>
}

export interface Backend {
  readonly record: PlannedBase
  /** What the plan says of the trainer; null for the embedded one, which `runtime` describes. */
  readonly trainerRecord: NonNullable<Plan['trainer']> | null
  readonly tokenizer: Tokenizer
  /** Where arms can work side by side; at least one. */
  readonly places: readonly [BackendPlace, ...BackendPlace[]]
  close(): Promise<void>
}
