import { expect, test } from 'vitest'
import { grader } from '../../src/grader/custom-grader.ts'
import { refuseHoles } from '../../src/round/refuse-holes.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'
import type { Suite } from '../../src/suite/check-suite.ts'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { TINY_ARMS, tinyEval, tinySuite } from './tiny-suite.ts'

const polite = grader('polite', ({ completion }) => !completion.text.includes('stupid'))
const check = (options: Partial<SuiteOptions> = {}): Promise<Suite> =>
  checkSuite(tinySuite('no-model', { features: [tinyEval('first', { graders: [polite] })], ...options }), 'tiny.suite.ts')

test('refuseHoles() refuses arms that would be rewarded by a grader that passes an empty answer', async () => {
  await expect(refuseHoles(await check())).rejects.toThrowErrorMatchingInlineSnapshot(`
    [RewardHoleError: REWARD_HOLE  The graders of eval "first" cannot reward raft, grpo: grader "polite" passes "empty" in 5 of 5 cases (profile "reward"); grader "polite" passes "white space" in 5 of 5 cases (profile "reward"); grader "polite" passes "prompt parroted" in 5 of 5 cases (profile "reward"); grader "polite" passes "input parroted" in 5 of 5 cases (profile "reward")
      where  tiny.suite.ts
      fix    mend the grader (\`npx holdfast check-graders first\` shows more), make it an audit grader, or insist with hacking: 'unguarded']
  `)
})

test('refuseHoles() asks nothing of arms that are not rewarded, of sound graders, and of suites that insist', async () => {
  await refuseHoles(await check({ arms: TINY_ARMS.filter(({ name }) => name === 'sft') }))
  await refuseHoles(await check({ features: [tinyEval('first')] }))
  await refuseHoles(await check({ hacking: 'unguarded' }))
  const audited = tinyEval('first', { auditGraders: [polite] })
  expect((await check({ features: [audited] })).features[0]?.eval.auditGraders).toHaveLength(1)
  await refuseHoles(await check({ features: [audited] }))
})
