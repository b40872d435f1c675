/**
 * @file Trainer: runs one round's tuning. Spec in; events, checkpoints and an adapter in PEFT's format out.
 * A trainer never grades by itself: rewards come from the suite's own graders through `grade`, and checkpoints are graded by the round.
 */
import type { RewardFunction, RewardRequest } from '../grading/reward-function.ts'
import type { TrainingEvent } from './training-event.ts'
import type { TrainingSpecInput } from './training-spec.ts'

/** What a trainer shows at a checkpoint: greedy answers to the watched cases, which are never rewarded. */
export interface WatchReport {
  /** 0 is the parent, before the first update. */
  readonly step: number
  /** Mean training reward since the last report; of the first batch at step 0, null where the method samples nothing. */
  readonly meanReward: number | null
  readonly answers: readonly RewardRequest[]
}

/** Whether training may go on, or why it must stop. */
export type WatchAnswer = { readonly stop: false } | { readonly stop: true; readonly reason: string }

/** Live figures of a training, for progress displays and telemetry only: they are never part of a record. */
export interface TrainingProgress {
  readonly phase: 'loading' | 'filtering' | 'sampling' | 'updating' | 'saving' | 'watching'
  readonly step: number
  readonly steps: number
  readonly tokens: number
  /** While data is drawn before a stage's first step: how much of it there is. */
  readonly drawn?: { readonly done: number; readonly total: number } | undefined
}

export interface TrainerServices {
  readonly grade: RewardFunction
  /** Identifies the graders of an eval ('' is the round's own) in every reward record. */
  readonly graderHash: (evalName: string) => string
  /** Why `grade` last gave null for a completion, for records and messages. */
  readonly whyUngraded?: (request: RewardRequest) => string | null
  /** Called at step 0 and at every checkpoint of a training that has watched cases and learns from rewards, before the next step is taken. */
  readonly watch?: (report: WatchReport) => Promise<WatchAnswer>
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** A checkpoint on disk: an adapter directory in PEFT's format. */
export interface TrainingCheckpoint {
  readonly step: number
  readonly adapter: string
  /** As src/identity/identify-model.ts gives it. */
  readonly hash: string
}

/** How a training ended. `lost` is a state of its own: the trainer died or could not go on. */
export type TrainingOutcome =
  | { readonly state: 'finished' | 'cancelled'; readonly checkpoints: readonly TrainingCheckpoint[] }
  /** Ended by `watch`: the checkpoints are those before the one that made it stop. */
  | { readonly state: 'stopped'; readonly step: number; readonly reason: string; readonly checkpoints: readonly TrainingCheckpoint[] }
  | { readonly state: 'lost'; readonly code: string; readonly message: string; readonly checkpoints: readonly TrainingCheckpoint[] }

export interface TrainingHandle {
  /** Events from position `from` on (0 is the first), ending when the training ends. */
  events(from?: number): AsyncIterable<TrainingEvent>
  cancel(options: { readonly saveFirst: boolean }): Promise<void>
  /** Resolves when the training ended. Calling `submit` again with the same spec and directory goes on from the last complete checkpoint. */
  artifacts(): Promise<TrainingOutcome>
}

export interface Trainer {
  readonly name: string
  submit(spec: TrainingSpecInput, services: TrainerServices): Promise<TrainingHandle>
}
