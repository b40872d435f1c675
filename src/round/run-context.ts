/**
 * @file What every step of a run shares: the checked suite, the open engine, the run directory and the way to tell what is going on.
 */
import { InternalError } from '../base/errors.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels } from '../eval/grader.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { Run } from '../ledger/run.ts'
import type { Suite, SuiteEval } from '../suite/checked-suite.ts'
import type { TrainerSlot } from '../trainer/driver.ts'
import type { TrainingSpec } from '../trainer/training-spec.ts'
import type { Reporter } from './reporter.ts'

/** What grading needs. */
export interface GradingRun {
  readonly suite: Suite
  readonly run: Run
  readonly reporter: Reporter
  readonly signal: AbortSignal | null
  /** Judges and embeddings that graders ask. */
  readonly models: GraderModels
}

/** What tuning needs on top. */
export interface RunContext extends GradingRun {
  readonly tokenizer: Tokenizer
  /** Whether a round trains its parent's adapter on, or merges it and starts a new one. */
  readonly start: TrainingSpec['start']
  /** Where this arm works. */
  readonly slot: TrainerSlot
}

/** Features first, in order, then retention evals: the order of every table. */
export function allEvals(suite: Suite): readonly SuiteEval[] {
  return [...suite.features, ...suite.retention]
}

/** The eval of a suite by its name. @throws InternalError when there is none: plans are made of the suite's own evals */
export function evalNamed(suite: Suite, name: string): Eval {
  const found = allEvals(suite).find((entry) => entry.eval.name === name)
  if (found === undefined) throw new InternalError(`No eval of the suite is called ${JSON.stringify(name)}`, 'evalNamed')
  return found.eval
}
