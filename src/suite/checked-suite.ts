/**
 * @file A suite as the rest of Holdfast sees it: checked, evals loaded, every default filled in.
 */
import type { Eval } from '../eval/eval.ts'
import type { GatePolicy } from '../gate/policy.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import type { LoraSpec } from '../trainer/training-spec.ts'
import type { TrainerOptions } from '../trainer/drivers.ts'

/** A feature or retention eval with everything the gate needs to know of it. */
export interface SuiteEval {
  readonly eval: Eval
  readonly kind: 'feature' | 'retention'
  readonly margin: number
  readonly minEffect: number
  readonly blocking: boolean
  /** Whether it has twins or audit graders, a budget's cuts aside. */
  readonly guarded: boolean
}

/** An arm with its method for each feature's round, by the feature's eval name. */
export interface CheckedArm {
  readonly name: string
  readonly role: 'candidate' | 'control'
  readonly methods: Readonly<Record<string, MethodSpec>>
}

/** A checked suite. Rounds follow `features` in order. */
export interface Suite {
  readonly name: string
  readonly description: string
  readonly file: string
  /** Directory, or a hub id. */
  readonly base: string
  readonly budget: string | null
  readonly features: readonly SuiteEval[]
  readonly retention: readonly SuiteEval[]
  readonly arms: readonly CheckedArm[]
  readonly lora: LoraSpec
  readonly trainer: TrainerOptions
  readonly hacking: 'unguarded' | { readonly limit: number }
  readonly thinking: 'on' | 'off' | null
  readonly gate: GatePolicy
  readonly seed: number
  readonly checkpoints: number
  readonly devCases: number
}
