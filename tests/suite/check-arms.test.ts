import { expect, test } from 'vitest'
import type { SuiteOptions } from '../../src/suite/suite.ts'
import { checkSmall, SFT, SMALL, smallEval } from './small-suite.ts'

/** What is said of options that types would refuse. */
async function refusal(changes: object): Promise<readonly string[]> {
  const check = checkSmall(changes)
  const summary = await check.then(
    () => 'taken',
    (error: { summary: string }) => error.summary,
  )
  return summary
    .replace('The suite cannot be used: ', '')
    .split('; ')
    .filter((part) => !part.startsWith('it takes'))
}
const armOf = (method: object): object => ({ arms: [{ name: 'sft', role: 'candidate', method }] })

test.each<[string, object, string]>([
  ['a misspelt setting', { ...SFT, stpes: 60 }, 'arms[0] "sft": method.stpes is no setting (did you mean steps?)'],
  ['a text for a number', { ...SFT, learningRate: '0.1' }, 'arms[0] "sft": method.learningRate: must be a number, got the text "0.1"'],
  [
    'the same under optimizer',
    { ...SFT, optimizer: { learningRate: '0.1' } },
    'arms[0] "sft": method.optimizer.learningRate: must be a number, got the text "0.1"',
  ],
  ['a missing setting', { name: 'sft', steps: 1, batchSize: 1 }, 'arms[0] "sft": method.learningRate is missing: must be a number'],
  ['a number that is too small', { ...SFT, batchSize: 0 }, 'arms[0] "sft": method.batchSize: must be at least 1, got 0'],
  ['no steps', { ...SFT, steps: 0 }, 'arms[0] "sft": method.steps: a training takes at least 1 step, got 0'],
  [
    'a word that is none of them',
    { ...SFT, schedule: 'cosin' },
    "arms[0] \"sft\": method.schedule: must be 'constant', 'linear' or 'cosine', got the text \"cosin\" (did you mean cosine?)",
  ],
  [
    'an unknown method',
    { ...SFT, name: 'sfd' },
    'arms[0] "sft": method.name: there is no method "sfd" (did you mean sft?), only sft, raft, dpo, kto, simpo, grpo, rloo, mdloo, chain',
  ],
  [
    'a stage of a chain',
    { name: 'chain', stages: [SFT, { ...SFT, steps: '2' }] },
    'arms[0] "sft": method.stages[1].steps: must be a number, got the text "2"',
  ],
])('checkSuite() names %s as the suite file has it', async (_, method, line) => {
  expect((await refusal(armOf(method)))[0]).toBe(line)
})

test('checkSuite() gives the settings that a method takes where one does not exist', async () => {
  await expect(checkSmall(armOf({ ...SFT, stpes: 60 }) as Partial<SuiteOptions>)).rejects.toThrow(
    'it takes steps, optimizer, replay, trl, batchSize, demonstration, learningRate, beta1, beta2, epsilon, weightDecay, maxGradientNorm, schedule, warmUpSteps, finalShare',
  )
})

test('checkSuite() says why there is no ppo, and what to take instead', async () => {
  await expect(checkSmall(armOf({ ...SFT, name: 'ppo' }) as Partial<SuiteOptions>)).rejects.toThrow(
    'arms[0] "sft": method.name: there is no "ppo": TRL removed its PPO trainer in 2026, and PPO needs a value model beside the policy; "rloo" and "grpo" take the same rewards and need none',
  )
})

test('checkSuite() tells a wrong change where it was written: with a feature, or in a budget, also one that is not used now', async () => {
  const features = [smallEval('refill'), { eval: smallEval('triage'), arms: { sft: { steps: '2' } } }]
  expect(await refusal({ features })).toEqual(['features[1] "triage": arms.sft.steps: must be a number, got the text "2"'])
  expect(await refusal({ budgets: { small: { method: { sft: { stepps: 2 } } } } })).toEqual([
    'budgets.small.method.sft.stepps is no setting (did you mean steps?)',
  ])
})

test('checkSuite() refuses changes for an arm that the suite does not have', async () => {
  const features = [{ eval: smallEval('refill'), arms: { stf: { steps: 2 } } }, smallEval('triage')]
  expect(await refusal({ features })).toEqual(['features[0] "refill": arms: there is no arm "stf" (did you mean sft?), only sft'])
  expect(await refusal({ budgets: { small: { arms: ['grpo'], method: { raft: {} } } } })).toEqual([
    'budgets.small.arms: there is no arm "grpo", only sft',
    'budgets.small.method: there is no arm "raft", only sft',
  ])
})

test('checkSuite() refuses steps of a chain, which are those of its stages', async () => {
  const chain = { name: 'chain', stages: [SFT, SFT], steps: 4 }
  expect((await refusal(armOf(chain)))[0]).toBe('arms[0] "sft": method.steps is no setting')
})

test('checkSuite() names wrong settings beside the arms by their path, with the accepted ones', async () => {
  expect(await refusal({ gate: { margn: 0.1 } })).toEqual(['gate.margn is no setting (did you mean margin?)'])
  expect(await refusal({ lora: { rank: 4, alpha: 8, targets: ['q_prj'] } })).toEqual([
    "lora.targets[0]: must be 'q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj' or 'down_proj', got the text \"q_prj\" (did you mean q_proj?)",
  ])
  expect(await refusal({ features: [{ eval: smallEval('refill'), margn: 0.1 }] })).toEqual([
    'features[0] "refill": margn is no setting (did you mean margin?)',
  ])
  expect(await refusal({ seed: '1', chekpoints: 3 })).toEqual([
    'seed: must be a number, got the text "1"',
    'chekpoints is no setting (did you mean checkpoints?)',
  ])
  expect(SMALL.arms).toHaveLength(1)
})
