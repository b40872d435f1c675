/**
 * @file Looks at graders before they reward: what passes an empty or parroted answer would teach a model just that.
 */
import { rewardHoles } from '../grading/mutations/reward-holes.ts'
import type { Suite } from '../suite/check-suite.ts'
import { isRewardedOn } from '../suite/refuse-unguarded.ts'
import { RewardHoleError } from './errors.ts'

/** @throws RewardHoleError when an arm would be rewarded by such a grader; a suite with `hacking: 'unguarded'` insists and is not asked */
export async function refuseHoles(suite: Suite): Promise<void> {
  if (suite.hacking === 'unguarded') return
  for (const { eval: feature } of suite.features) {
    const arms = suite.arms.filter((arm) => isRewardedOn(arm, feature.name))
    const holes = arms.length === 0 ? [] : await rewardHoles(feature)
    if (holes.length > 0) {
      throw new RewardHoleError({ file: suite.file, feature: feature.name, arms: arms.map(({ name }) => name), holes })
    }
  }
}
