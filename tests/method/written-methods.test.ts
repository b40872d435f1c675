import { expect, test } from 'vitest'
import { chain, dpo, grpo, kto, mdloo, raft, rloo, sft, simpo } from '../../src/index.ts'
import type { ArmMethod } from '../../src/method/written-methods.ts'
import { checkSmall, ratedEval } from '../suite/small-suite.ts'
import { methodOf } from './method-of.ts'

const shared = { steps: 4, learningRate: 0.001 }
const online = { ...shared, promptsPerStep: 2, samplesPerPrompt: 4 }

test.each<[string, ArmMethod, object]>([
  ['sft', sft({ ...shared, batchSize: 2 }), { demonstration: 'in-format' }],
  ['raft', raft({ ...shared, batchSize: 2, epochs: 1, promptsPerEpoch: 4, samplesPerPrompt: 4 }), { temperature: 1 }],
  ['dpo', dpo({ ...shared, batchSize: 2 }), { beta: 0.1, lossType: 'sigmoid', reference: 'parent', from: 'people' }],
  ['kto', kto({ ...shared, batchSize: 2 }), { desirableWeight: 1, undesirableWeight: 1, from: 'people' }],
  ['simpo', simpo({ ...shared, batchSize: 2 }), { beta: 2, gamma: 1 }],
  ['grpo', grpo(online), { klWeight: 0, scaleRewards: 'group' }],
  ['rloo', rloo(online), { klWeight: 0.05, updatesPerBatch: 1 }],
  ['mdloo', mdloo(online), { proximalWeight: 0.1, updatesPerBatch: 2 }],
])('%s() gives plain settings that resolve to the method with its defaults', (name, method, defaults) => {
  expect(JSON.parse(JSON.stringify(method))).toEqual(method)
  expect(method.name).toBe(name)
  expect(methodOf(method)).toMatchObject({ name, steps: 4, optimizer: { learningRate: 0.001 }, ...defaults })
})

test('a method keeps its name, whatever its settings say', () => {
  expect(sft({ ...shared, batchSize: 2, ...{ name: 'grpo' } }).name).toBe('sft')
})

test('chain() runs its stages in order and adds up their steps', () => {
  const stages = [sft({ ...shared, batchSize: 2 }), grpo({ ...online, steps: 3 })]
  const method = methodOf(chain(...stages))
  expect(method).toMatchObject({ name: 'chain', steps: 7, stages: [{ name: 'sft' }, { name: 'grpo', steps: 3 }] })
})

test('a suite file that names a method only trl has is refused on the embedded trainer, by arm, and taken on trl', async () => {
  const arms = [{ name: 'prefer', role: 'candidate', method: dpo({ ...shared, batchSize: 2 }) }] as const
  const features = [ratedEval('refill', { chosen: 'a', rejected: 'b' })]
  await expect(checkSmall({ arms, features })).rejects.toThrow(/SUITE_INVALID.*arm "prefer": .*"dpo".*trl/)
  const suite = await checkSmall({ arms, features }, { trainer: 'trl' })
  expect(suite.arms[0]?.methods['refill']).toMatchObject({ name: 'dpo', beta: 0.1 })
})
