/**
 * @file Looks at what an eval teaches before anything is spent: a grader that passes an empty or parroted answer would teach a model just that, and an
 * answer that the eval shows as right and its own graders give 0 would teach it to fail.
 */
import { checkDemonstrations } from '../grading/failed-demonstrations.ts'
import type { ShownAnswer } from '../grading/failed-demonstrations.ts'
import type { DemonstrationCheck } from '../grading/failed-demonstrations.ts'
import { rewardHoles } from '../grading/mutations/reward-holes.ts'
import { hashJson } from '../base/hash.ts'
import type { Eval } from '../eval/eval.ts'
import type { Suite } from '../suite/checked-suite.ts'
import { isRewardedOn } from '../suite/refuse-unguarded.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import { DemonstrationsFailError, RewardHoleError } from './errors.ts'
import { buildExamples } from './training-examples.ts'

/**
 * @throws RewardHoleError when an arm would be rewarded by such a grader, DemonstrationsFailError when one would be trained on such answers; a suite with
 * `hacking: 'unguarded'` insists and is not asked
 */
export async function refuseHoles(suite: Suite): Promise<void> {
  if (suite.hacking === 'unguarded') return
  for (const { eval: feature } of suite.features) {
    const arms = suite.arms.filter((arm) => isRewardedOn(arm, feature.name))
    const holes = arms.length === 0 ? [] : await rewardHoles(feature)
    if (holes.length > 0) {
      throw new RewardHoleError({ file: suite.file, feature: feature.name, arms: arms.map(({ name }) => name), holes })
    }
    await refuseFailedDemonstrations(suite, feature)
  }
}

async function refuseFailedDemonstrations(suite: Suite, feature: Eval): Promise<void> {
  const seen = new Map<string, DemonstrationCheck>()
  for (const arm of suite.arms) {
    const method = arm.methods[feature.name]
    const shown = method === undefined ? [] : shownAnswers(feature, method)
    const key = hashJson(shown)
    const found = seen.get(key) ?? (await checkDemonstrations(feature, shown))
    seen.set(key, found)
    if (found.zero.length > 0)
      throw new DemonstrationsFailError({ file: suite.file, feature: feature.name, arm: arm.name, graded: found.graded, cases: found.zero })
  }
}

/** What an arm's training would show a model as right answers of a feature. */
function shownAnswers(feature: Eval, method: MethodSpec): readonly ShownAnswer[] {
  return buildExamples({ feature, earlier: [], method, seed: 0 }).flatMap((example): ShownAnswer[] => {
    if (example.type === 'demonstration') return [{ caseId: example.caseId, text: example.completion }]
    if (example.type === 'pair') return [{ caseId: example.caseId, text: example.chosen }]
    return example.type === 'thumb' && example.thumb === 'up' ? [{ caseId: example.caseId, text: example.completion }] : []
  })
}
