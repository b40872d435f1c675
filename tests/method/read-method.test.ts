import { expect, test } from 'vitest'
import { METHOD_NAMES, readMethod, settingsOf } from '../../src/method/read-method.ts'
import { methodOf } from './method-of.ts'

const SETTINGS = { name: 'sft', steps: 10, batchSize: 4, learningRate: 0.001 }

/** Paths of what is wrong, and what is accepted there. */
const problems = (written: object): readonly (readonly [string, readonly string[]])[] => {
  const read = readMethod(written as Readonly<Record<string, unknown>>)
  return 'problems' in read ? read.problems.map(({ path, known }) => [path.map(String).join('.'), known] as const) : []
}
const paths = (written: object): readonly string[] => problems(written).map(([path]) => path)

test('readMethod() takes optimizer settings from among the method settings and fills in the rest', () => {
  const method = methodOf({ ...SETTINGS, schedule: 'cosine' })
  expect(method).toMatchObject({ name: 'sft', steps: 10, batchSize: 4, demonstration: 'in-format' })
  expect(method).toMatchObject({ optimizer: { name: 'adamw', learningRate: 0.001, schedule: 'cosine', warmUpSteps: 5 } })
  expect(method).not.toHaveProperty('learningRate')
})

test('readMethod() prefers what stands in optimizer', () => {
  expect(methodOf({ ...SETTINGS, optimizer: { name: 'muon', learningRate: 0.02 } })).toMatchObject({
    optimizer: { name: 'muon', learningRate: 0.02 },
  })
})

test('readMethod() names every wrong setting by the path that was written', () => {
  expect(paths({ ...SETTINGS, steps: -1, batchSize: 0 })).toEqual(['steps', 'batchSize'])
  expect(paths({ ...SETTINGS, learningRate: '0.1' })).toEqual(['learningRate'])
  expect(paths({ ...SETTINGS, optimizer: { learningRate: '0.1' } })).toEqual(['optimizer.learningRate'])
  expect(paths({ ...SETTINGS, beta1: 1, optimizer: { beta2: 1 } })).toEqual(['beta1', 'optimizer.beta2'])
  expect(paths({ ...SETTINGS, optimizer: 5 })).toEqual(['optimizer'])
})

test('readMethod() names a missing learning rate as most people write it', () => {
  expect(paths({ name: 'sft', steps: 10, batchSize: 4 })).toEqual(['learningRate'])
  expect(paths({ name: 'sft', steps: 10, batchSize: 4, optimizer: {} })).toEqual(['learningRate'])
})

test('readMethod() gives the names that are accepted where one is not', () => {
  expect(problems({ ...SETTINGS, batchSise: 4 })).toEqual([['', settingsOf('sft')]])
  expect(settingsOf('sft')).toEqual(
    expect.arrayContaining(['steps', 'batchSize', 'demonstration', 'learningRate', 'finalShare', 'optimizer']),
  )
  expect(problems({ ...SETTINGS, optimizer: { learningRate: 1, beta: 1 } })).toEqual([
    ['optimizer', expect.arrayContaining(['name', 'beta1'])],
  ])
  expect(problems({ ...SETTINGS, replay: { part: 0.5, share: 0.5 } })).toEqual([['replay', ['share']]])
})

test.each([
  ['beta1', 1],
  ['beta1', -0.1],
  ['beta2', 1],
  ['epsilon', 0],
  ['epsilon', -1],
])('readMethod() refuses an optimizer with %s %s', (name, value) => {
  expect(paths({ ...SETTINGS, [name]: value })).toEqual([name])
})

test('readMethod() adds up the steps of a chain and gathers the optimizer settings of its stages', () => {
  const stages = [SETTINGS, { name: 'grpo', steps: 5, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.0002 }]
  expect(methodOf({ name: 'chain', stages })).toMatchObject({
    name: 'chain',
    steps: 15,
    stages: [{ optimizer: { learningRate: 0.001 } }, { optimizer: { learningRate: 0.0002 }, klWeight: 0 }],
  })
})

test('readMethod() names the stage of a chain that is wrong, and refuses steps beside the stages', () => {
  expect(paths({ name: 'chain', stages: [SETTINGS, { ...SETTINGS, learningRate: '1' }] })).toEqual(['stages.1.learningRate'])
  expect(problems({ name: 'chain', stages: [SETTINGS, SETTINGS], steps: 4 })).toEqual([['', ['stages']]])
  expect(paths({ name: 'chain', stages: [SETTINGS] })).toEqual(['stages'])
  expect(paths({ name: 'chain', stages: [SETTINGS, 5] })).toEqual(['stages.1'])
  expect(paths({ name: 'chain' })).toEqual(['stages'])
})

test('readMethod() tells a name that no method has, and a chain within a chain, from the names there are', () => {
  expect(readMethod({ ...SETTINGS, name: 'ppo' })).toEqual({ unknownName: 'ppo', path: ['name'], known: METHOD_NAMES })
  const chain = { name: 'chain', stages: [SETTINGS, SETTINGS] }
  expect(readMethod({ name: 'chain', stages: [SETTINGS, chain] })).toEqual({
    unknownName: 'chain',
    path: ['stages', 1, 'name'],
    known: ['sft', 'raft', 'dpo', 'kto', 'simpo', 'grpo', 'rloo', 'mdloo'],
  })
})

test('readMethod() refuses MDLOO with one update per batch, which would be RLOO under another name', () => {
  const settings = { name: 'mdloo', steps: 4, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.001, updatesPerBatch: 1 }
  const read = readMethod(settings)
  expect('problems' in read ? read.problems.map(({ issue }) => issue.message) : []).toEqual([expect.stringContaining('MDLOO is RLOO')])
})
