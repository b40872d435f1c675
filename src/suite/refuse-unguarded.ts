/**
 * @file Reinforcement needs a second look: an arm that is rewarded by graders is refused on an eval that has nothing to show whether the reward was
 * earned or gamed.
 */
import type { Eval } from '../eval/eval.ts'
import { drawsSamples, stagesOf } from '../method/method-spec.ts'
import { SuiteUnguardedError } from './errors.ts'
import type { CheckedArm, SuiteEval } from './checked-suite.ts'

/** Whether an arm is rewarded in the round of a feature. */
export function isRewardedOn({ methods }: CheckedArm, feature: string): boolean {
  const method = methods[feature]
  return method !== undefined && stagesOf(method).some(drawsSamples)
}

/** Whether something that is never rewarded shows what the reward was given for. */
export function isGuarded({ auditGraders, cases }: Pick<Eval, 'auditGraders' | 'cases'>): boolean {
  return auditGraders.length > 0 || cases.some((row) => row.role === 'twin')
}

/** @throws SuiteUnguardedError when arms are rewarded on features that have neither twins nor audit graders, even before a budget's cuts */
export function refuseUnguarded(arms: readonly CheckedArm[], features: readonly SuiteEval[], file: string): void {
  const found = features.flatMap(({ eval: { name: feature }, guarded }) => {
    const rewarded = arms.filter((arm) => isRewardedOn(arm, feature))
    return guarded || rewarded.length === 0 ? [] : [{ feature, arms: rewarded.map(({ name }) => name) }]
  })
  if (found.length > 0) throw new SuiteUnguardedError({ file, found })
}
