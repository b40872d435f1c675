import { expect, test } from 'vitest'
import type { CaseInput } from '../../src/eval/case.ts'
import type { Eval } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { buildExamples } from '../../src/round/training-examples.ts'
import type { MethodSpec } from '../../src/method/method-spec.ts'
import { methodOf } from '../method/method-of.ts'
import { smallEval } from '../suite/small-suite.ts'

const row = (id: string, changes: Partial<CaseInput> = {}): CaseInput => ({
  id,
  role: 'train',
  input: id,
  expected: `answer to ${id}`,
  ...changes,
})
const load = (name: string, cases: readonly CaseInput[]): Promise<Eval> =>
  loadEval(smallEval(name, { cases: [...cases] }), { origin: name })
const method = (settings: object): MethodSpec => methodOf({ learningRate: 0.001, steps: 4, ...settings })
const online = { promptsPerStep: 2, samplesPerPrompt: 2 }

const people: readonly CaseInput[] = [
  row('pair', { chosen: 'yes', rejected: 'no' }),
  row('up', { chosen: 'good', thumb: 'up' }),
  row('down', { rejected: 'bad', thumb: 'down' }),
  row('neither'),
  row('sealed', { role: 'gate', chosen: 'yes', rejected: 'no' }),
]

test('buildExamples() gives train cases only, as demonstrations for sft and as prompts for grpo', async () => {
  const feature = await load('own', people)
  const sft = buildExamples({ feature, earlier: [], method: method({ name: 'sft', batchSize: 2 }), seed: 1 })
  expect(sft.map(({ type, caseId }) => [type, caseId])).toEqual(['pair', 'up', 'down', 'neither'].map((id) => ['demonstration', id]))
  const grpo = buildExamples({ feature, earlier: [], method: method({ name: 'grpo', ...online }), seed: 1 })
  expect(grpo.map(({ type }) => type)).toEqual(['prompt', 'prompt', 'prompt', 'prompt'])
  expect(grpo[0]?.messages).toEqual(feature.messages.get('pair'))
})

test('buildExamples() takes pairs where people gave both answers, and prompts where pairs come from samples', async () => {
  const feature = await load('own', people)
  const given = buildExamples({ feature, earlier: [], method: method({ name: 'dpo', batchSize: 2 }), seed: 1 })
  expect(given).toMatchObject([{ type: 'pair', caseId: 'pair', chosen: 'yes', rejected: 'no', eval: '' }])
  const drawn = buildExamples({ feature, earlier: [], method: method({ name: 'dpo', batchSize: 2, from: 'samples' }), seed: 1 })
  expect(drawn.map(({ type }) => type)).toEqual(['prompt', 'prompt', 'prompt', 'prompt'])
})

test('buildExamples() makes one label of a thumb, and one of each kind of a pair', async () => {
  const feature = await load('own', people)
  const labels = buildExamples({ feature, earlier: [], method: method({ name: 'kto', batchSize: 2 }), seed: 1 })
  expect(labels.map((one) => (one.type === 'thumb' ? [one.caseId, one.thumb, one.completion] : []))).toEqual([
    ['pair', 'up', 'yes'],
    ['pair', 'down', 'no'],
    ['up', 'up', 'good'],
    ['down', 'down', 'bad'],
  ])
})

test('buildExamples() gives every case in each form that a chain needs, once', async () => {
  const feature = await load('own', [row('a'), row('b')])
  const stages = [
    { name: 'sft', steps: 2, batchSize: 2, learningRate: 0.001 },
    { name: 'grpo', steps: 2, ...online, learningRate: 0.001 },
    { name: 'rloo', steps: 2, ...online, learningRate: 0.001 },
  ]
  const chain = methodOf({ name: 'chain', stages })
  const forms = buildExamples({ feature, earlier: [], method: chain, seed: 1 }).map(({ type, caseId }) => `${type} ${caseId}`)
  expect(forms).toEqual(['demonstration a', 'demonstration b', 'prompt a', 'prompt b'])
})

test('buildExamples() replays the declared share, evenly from earlier features, under their names', async () => {
  const many = (prefix: string, count: number): CaseInput[] => Array.from({ length: count }, (_, i) => row(`${prefix}${i}`))
  const [feature, first, second] = await Promise.all([
    load('own', many('o', 30)),
    load('first', many('f', 40)),
    load('second', many('s', 40)),
  ])
  const settings = method({ name: 'sft', batchSize: 2, replay: { share: 0.25 } })
  const examples = buildExamples({ feature, earlier: [first, second], method: settings, seed: 7 })
  const count = (name: string): number => examples.filter((one) => one.eval === name).length
  expect([count(''), count('first'), count('second')]).toEqual([30, 5, 5])
  expect(buildExamples({ feature, earlier: [first, second], method: settings, seed: 7 })).toEqual(examples)
  expect(buildExamples({ feature, earlier: [first, second], method: settings, seed: 8 })).not.toEqual(examples)
  expect(buildExamples({ feature, earlier: [first, second], method: method({ name: 'sft', batchSize: 2 }), seed: 7 })).toHaveLength(30)
})
