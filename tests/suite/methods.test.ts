import { expect, test } from 'vitest'
import * as methods from '../../src/suite/methods.ts'
import { resolveMethod } from '../../src/suite/resolve-arms.ts'
import type { MethodSpec } from '../../src/method/method-spec.ts'
import { checkSmall, ratedEval } from './small-suite.ts'

const { chain, dpo, grpo, kto, mdloo, raft, rloo, sft, simpo } = methods
const resolve = (method: methods.ArmMethod): MethodSpec => resolveMethod(method, { file: 's', arm: 'a' })

const shared = { steps: 4, learningRate: 0.001 }
const online = { ...shared, promptsPerStep: 2, samplesPerPrompt: 4 }

test.each<[string, methods.ArmMethod, object]>([
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
  expect(resolve(method)).toMatchObject({ name, steps: 4, optimizer: { learningRate: 0.001 }, ...defaults })
})

test('a method keeps its name, whatever its settings say', () => {
  expect(sft({ name: 'grpo', steps: 1 }).name).toBe('sft')
})

test('chain() runs its stages in order and adds up their steps', () => {
  const stages = [sft({ ...shared, batchSize: 2 }), grpo({ ...online, steps: 3 })]
  const method = resolve(chain(...stages))
  expect(method).toMatchObject({ name: 'chain', steps: 7, stages: [{ name: 'sft' }, { name: 'grpo', steps: 3 }] })
})

test('chain() of one stage, or of a chain, is refused when it is resolved', () => {
  const stage = sft({ ...shared, batchSize: 2 })
  expect(() => resolve(chain(stage))).toThrow('arm "a", stages: ')
  expect(() => resolve(chain(stage, chain(stage, stage)))).toThrow('arm "a", stages.1.name: ')
})

test('a suite file that names a method only trl has is refused on the embedded trainer, by arm, and taken on trl', async () => {
  const arms = [{ name: 'prefer', role: 'candidate', method: dpo({ ...shared, batchSize: 2 }) }] as const
  const features = [ratedEval('refill', { chosen: 'a', rejected: 'b' })]
  await expect(checkSmall({ arms, features })).rejects.toThrow(/SUITE_INVALID.*arm "prefer": .*"dpo".*trl/)
  const suite = await checkSmall({ arms, features }, { trainer: 'trl' })
  expect(suite.arms[0]?.methods['refill']).toMatchObject({ name: 'dpo', beta: 0.1 })
})
