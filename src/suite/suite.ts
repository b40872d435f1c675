/**
 * @file Suite: base model, features in the order the app gained them, retention evals, arms and gate policy. Everything that decides a
 * verdict stands in it, and its hash stands in every report. `SuiteOptions` is what a user writes; importing a suite file has no side effect.
 */
import type { EvalDefinition } from '../eval/eval.ts'
import type { ArmMethod, MethodSettings } from '../method/written-methods.ts'
import type { TrainerOptions } from '../trainer/drivers.ts'
import type { LoraSpec } from '../trainer/training-spec.ts'

/** Settings of one arm. `method` is what sft(), grpo() and the others give; docs/methods.md documents every setting. Defaults are filled when the suite is checked. */
export interface ArmOptions {
  readonly name: string
  /** A candidate may ship; a control keeps the comparison honest and never fails a run. */
  readonly role: 'candidate' | 'control'
  /** An optional arm runs only when it is asked for by name (`--arms`). */
  readonly optional?: boolean
  readonly method: ArmMethod
}

/** A feature or retention eval in a suite, with what the gate needs to know of it. */
export interface SuiteEvalOptions {
  readonly eval: EvalDefinition
  /** Largest loss of pass share that counts as held. Default: the gate's margin. */
  readonly margin?: number
  /** Whether its loss blocks a round. Default true. */
  readonly blocking?: boolean
  /** Smallest gain of pass share that counts as learned, for a feature in its own round. Default: the gate's minimum effect. */
  readonly minEffect?: number
  /** Changes to arms' method settings for this feature's round, by arm name. */
  readonly arms?: Readonly<Record<string, MethodSettings>>
}

export interface GateOptions {
  readonly alpha?: number
  readonly margin?: number
  readonly minEffect?: number
  readonly errorBudgetShare?: number
  readonly smallButReal?: 'warn' | 'block'
  /** Chance that a harmless round is ACCEPTED, for which the sizes of gates are judged before training. Default 0.85. */
  readonly power?: number
  /** Expected correlation of the changes of two cases of one cluster, for the same. Default 0.25. */
  readonly clusterCorrelation?: number
  /** A loss beyond this share blocks even where the margin is wider. */
  readonly hardLimit?: number
  /**
   * The largest share of what an eval has above chance that may be lost: 0.2 makes the margin of an eval whose anchor scores 12 % on dev 2.4 points
   * instead of 5. Needs dev cases. Default: absolute margins only.
   */
  readonly relativeMargin?: number
  /** The relative margin applies to evals whose anchor scores below this on dev. Default 0.5. */
  readonly relativeMarginBelow?: number
}

export interface LoraSettings {
  readonly rank: number
  readonly alpha: number
  /** The linear layers that get an adapter. */
  readonly targets: NonEmptyList<LoraSpec['targets'][number]>
}

/**
 * A list with a member at least. An array of unknown length passes, a literal `[]` does not: `any` is taken for every member but `never`. In this order,
 * what a callback of `map` returns is still read as a member, so that words in it need no `as const`.
 */
// eslint-disable-next-line typescript/no-explicit-any
export type NonEmptyList<Member> = { readonly includes: (member: any) => boolean } & readonly Member[]

export interface SuiteOptions {
  readonly name: string
  readonly description?: string
  /** Directory (relative to the suite file's project), or hub id, of the base model. */
  readonly base: string | URL
  readonly features: NonEmptyList<EvalDefinition | SuiteEvalOptions>
  readonly retention: NonEmptyList<EvalDefinition | SuiteEvalOptions>
  readonly arms: NonEmptyList<ArmOptions>
  /** What trains and evaluates: `trl({ … })`, or its name with its options. Default: `embedded()`. */
  readonly trainer?: TrainerOptions
  readonly lora?: LoraSettings
  readonly gate?: GateOptions
  /**
   * How a training whose reward rises while audit graders and twins of dev cases do not is stopped: `limit` is the change of their pass share that
   * counts, default 0.1; `unguarded` never stops one.
   */
  readonly hacking?: 'unguarded' | { readonly limit: number }
  /** Whether a thinking model thinks, in training, serving and grading alike. Default: what its chat template does by itself. */
  readonly thinking?: 'on' | 'off'
  readonly seed?: number
  /** Checkpoints per training, graded on `dev`: the candidate is among them. Default 4. */
  readonly checkpoints?: number
  /** How many dev cases of the feature, and of each old eval, grade a checkpoint. Default 100. */
  readonly devCases?: number
  /** What an INCONCLUSIVE run does under vitest: fail the suite's test (the default), or pass it with a warning. It decides no verdict. */
  readonly inconclusive?: 'fail' | 'warn'
  /** Smaller variants by name for `--budget`: each has a suite hash of its own. */
  readonly budgets?: Readonly<Record<string, SuiteBudget>>
}

/** What a budget cuts. */
export interface SuiteBudget {
  readonly features?: number
  readonly arms?: NonEmptyList<string>
  readonly gateCases?: number
  readonly twinCases?: number
  readonly devCases?: number
  /** Changes to arms' method settings, by arm name. */
  readonly method?: Readonly<Record<string, MethodSettings>>
}

/** What `defineSuite` gives and suite files export as default: data only, checked when a run starts. */
export interface SuiteDefinition {
  readonly kind: 'holdfast.suite-definition'
  readonly options: SuiteOptions
}
