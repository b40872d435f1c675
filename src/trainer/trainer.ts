/**
 * @file Trainer: runs one round's tuning. Spec in; events, checkpoints and an adapter in PEFT's format out.
 * A trainer never grades by itself: rewards come from the suite's own graders through `grade`, and checkpoints are graded by the round.
 */
import type { Completion } from '../eval/completion.ts'
import type { TrainingEvent } from './training-event.ts'
import type { TrainingSpec } from './training-spec.ts'

/** Asks the suite's graders for rewards (profile `reward`). Null means "could not be graded" and is never 0. */
export type RewardFunction = (
  requests: readonly { readonly caseId: string; readonly completion: Completion }[],
) => Promise<readonly (number | null)[]>

/** Live figures of a training, for progress displays and telemetry only: they are never part of a record. */
export interface TrainingProgress {
  readonly phase: 'sampling' | 'updating' | 'saving'
  readonly step: number
  readonly steps: number
  readonly tokens: number
}

export interface TrainerServices {
  readonly grade: RewardFunction
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** A checkpoint on disk: an adapter directory in PEFT's format. */
export interface TrainingCheckpoint {
  readonly step: number
  readonly adapter: string
  readonly hash: string
}

/** How a training ended. `lost` is a state of its own: the trainer died or could not go on. */
export type TrainingOutcome =
  | { readonly state: 'finished' | 'cancelled'; readonly checkpoints: readonly TrainingCheckpoint[] }
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
  submit(spec: TrainingSpec, services: TrainerServices): Promise<TrainingHandle>
}
