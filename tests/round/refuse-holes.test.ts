import { expect, test } from 'vitest'
import type { CaseInput } from '../../src/eval/case.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { refuseHoles } from '../../src/round/refuse-holes.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import type { Suite } from '../../src/suite/checked-suite.ts'
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

const yes = grader('yes', ({ completion }) => completion.text === 'yes')
const silent = (name: string): EvalDefinition =>
  tinyEval(name, { graders: [yes], demonstrations: { 'in-format': (row) => (row.id.endsWith('-3') ? 'no' : 'yes') } })

test('refuseHoles() refuses to train on answers that the eval’s own graders give 0, and names their cases', async () => {
  const sft = TINY_ARMS.filter(({ name }) => name === 'sft')
  await expect(refuseHoles(await check({ features: [silent('first')], arms: sft }))).rejects.toThrowErrorMatchingInlineSnapshot(`
    [DemonstrationsFailError: DEMONSTRATIONS_FAIL  Arm "sft" would learn answers that the graders of eval "first" give 0: 1 of 24, cases "first-train-3"
      where  tiny.suite.ts
      fix    mend the answers or the grader (\`npx holdfast check-graders first\` shows more), give these cases another role, or insist with hacking: 'unguarded']
  `)
  await refuseHoles(await check({ features: [silent('first')], arms: TINY_ARMS.filter(({ name }) => name === 'raft') }))
  await refuseHoles(await check({ features: [silent('first')], arms: sft, hacking: 'unguarded' }))
})

test('refuseHoles() looks at what people chose where an arm learns from it', async () => {
  const rows = (chosen: string): readonly CaseInput[] =>
    ['train', 'dev', 'gate'].flatMap((role) =>
      Array.from({ length: 8 }, (_, index) => ({
        ...{ id: `${role}-${index}`, role: role as 'train', input: `${role} ${index}`, expected: 'e', chosen, rejected: 'bad' },
      })),
    )
  const dpo = [{ name: 'dpo', role: 'candidate' as const, method: { name: 'dpo' as const, steps: 2, batchSize: 2, learningRate: 0.01 } }]
  const suite = (chosen: string): Promise<Suite> =>
    check({ features: [tinyEval('first', { cases: rows(chosen), graders: [yes] })], arms: dpo, devCases: 4, trainer: trl() })
  await refuseHoles(await suite('yes'))
  await expect(suite('no').then(refuseHoles)).rejects.toThrow(
    'Arm "dpo" would learn answers that the graders of eval "first" give 0: 8 of 8',
  )
})

test('refuseHoles() asks nothing of arms that are not rewarded, of sound graders, and of suites that insist', async () => {
  await refuseHoles(await check({ arms: TINY_ARMS.filter(({ name }) => name === 'sft') }))
  await refuseHoles(await check({ features: [tinyEval('first')] }))
  await refuseHoles(await check({ hacking: 'unguarded' }))
  const audited = tinyEval('first', { auditGraders: [polite] })
  expect((await check({ features: [audited] })).features[0]?.eval.auditGraders).toHaveLength(1)
  await refuseHoles(await check({ features: [audited] }))
})
