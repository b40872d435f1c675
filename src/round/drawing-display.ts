/**
 * @file Shows what a stage draws before its first step as what it is: data that is made, not a step that is taken.
 */
import type { TrainingProgress } from '../trainer/trainer.ts'
import type { Reporter } from './reporter.ts'

/** Which training it is, and what its display is called while it takes steps. */
export interface DisplayedTraining {
  readonly round: string
  readonly arm: string
  readonly training: string
}

/** Tells listeners when drawing begins, how far it is, and when steps follow. */
export class DrawingDisplay {
  readonly #reporter: Pick<Reporter, 'tell'>
  readonly #training: DisplayedTraining
  #drawn: TrainingProgress['phase'] | null = null
  #tokens = 0

  constructor(reporter: Pick<Reporter, 'tell'>, training: DisplayedTraining) {
    this.#reporter = reporter
    this.#training = training
  }

  /** Whether a progress was of drawing, and was told here. */
  sees({ phase, drawn, tokens }: TrainingProgress): boolean {
    const { round, arm, training } = this.#training
    if (drawn === undefined) {
      if (this.#drawn !== null) this.#reporter.tell({ type: 'phase', round, arm, phase: 'training', label: training })
      this.#drawn = null
      return false
    }
    const label = phase === 'filtering' ? 'answering prompts, to leave out those that teach nothing' : 'drawing examples to learn from'
    if (this.#drawn !== phase) this.#reporter.tell({ type: 'phase', round, arm, phase: 'sampling', label })
    this.#drawn = phase
    this.#tokens += tokens
    this.#reporter.tell({ type: 'progress', round, arm, phase: 'sampling', ...drawn, tokens: this.#tokens, tokensPerSecond: 0 })
    return true
  }
}
