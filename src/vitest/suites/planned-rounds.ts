/**
 * @file The rounds, arms and evals that a run of a suite will have, read from its definition: tests must be known before anything is tuned.
 * Checks nothing; a definition that makes no sense gives no rounds, and the run itself says what is wrong.
 */
import type { EvalDefinition } from '../../eval/eval.ts'
import { roundName } from '../../ledger/run-layout.ts'
import { runsByDefault } from '../../suite/pick-trainer.ts'
import type { ArmOptions, SuiteEvalOptions, SuiteOptions } from '../../suite/suite.ts'

export interface PlannedRound {
  readonly round: string
  readonly feature: string
  readonly arms: readonly Pick<ArmOptions, 'name' | 'role'>[]
  /** Every eval of the suite: each is graded in every round. */
  readonly evals: readonly string[]
}

/** What a run may cut of a suite. */
export interface PlanCuts {
  readonly arms?: readonly string[] | undefined
  readonly budget?: string | undefined
}

/** The rounds of a suite, in order: arms as asked for by name, else as the budget says, else those that run by themselves. */
export function plannedRounds(options: SuiteOptions, cuts: PlanCuts): readonly PlannedRound[] {
  const budget = cuts.budget === undefined ? undefined : options.budgets?.[cuts.budget]
  const features = options.features.slice(0, budget?.features).map(evalName)
  const named = cuts.arms ?? budget?.arms
  const arms = options.arms.filter((arm) => (named === undefined ? runsByDefault(arm, options.trainer) : named.includes(arm.name)))
  const evals = [...features, ...options.retention.map(evalName)]
  return features.map((feature, index) => ({ round: roundName(index + 1, feature), feature, arms, evals }))
}

function evalName(entry: EvalDefinition | SuiteEvalOptions): string {
  return 'eval' in entry ? entry.eval.options.name : entry.options.name
}
