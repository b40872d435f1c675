/**
 * @file The tuning methods as functions, for suite files: each gives the plain settings that an arm holds. They check nothing: what is wrong is
 * told when the suite is checked.
 */

/** Settings of one method as a suite file writes them; src/method/method-spec.ts says which there are. Optimizer settings may stand among them. */
export type MethodSettings = Readonly<Record<string, unknown>>

/** A method with its settings. */
export interface ArmMethod extends MethodSettings {
  readonly name: string
}

const method =
  (name: string) =>
  (settings: MethodSettings): ArmMethod => ({ ...settings, name })

/** Supervised fine-tuning on demonstrations (also called instruction fine-tuning). */
export const sft = method('sft')
/** Rejection sampling: learns the model's own passing samples. */
export const raft = method('raft')
/** Direct preference optimisation on pairs. */
export const dpo = method('dpo')
/** Kahneman-Tversky optimisation on thumbs. */
export const kto = method('kto')
/** Simple preference optimisation on pairs, without a reference model. */
export const simpo = method('simpo')
/** Group-relative policy optimisation; `aggregation`, `importance`, `scaleRewards` and the clip range give its variants. */
export const grpo = method('grpo')
/** REINFORCE with a leave-one-out baseline. */
export const rloo = method('rloo')
/** Mirror descent with leave-one-out estimation. */
export const mdloo = method('mdloo')

/**
 * Methods one after another on the same adapter, each with a fresh optimizer.
 * @example
 * chain(sft({ steps: 20, batchSize: 16, learningRate: 5e-4 }), grpo({ steps: 20, promptsPerStep: 16, samplesPerPrompt: 8, learningRate: 2e-4 }))
 */
export function chain(...stages: readonly ArmMethod[]): ArmMethod {
  return { name: 'chain', stages }
}
