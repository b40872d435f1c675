import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { learningRateAt } from '../../../../src/method/learning-rate.ts'
import { openTokenizer } from '../../../../src/engine/tokenizer/tokenizer.ts'
import { BatchOrder } from '../../../../src/trainer/batch-order.ts'
import { methodSchema } from '../../../../src/method/method-spec.ts'
import { trainingSpecSchema, type TrainingSpec } from '../../../../src/trainer/training-spec.ts'
import { runnerSpecSchema, type RunnerSpec } from '../../../../src/trainer/trl/protocol.ts'
import { buildRunnerSpec, type RunnerMachine } from '../../../../src/trainer/trl/runner/spec.ts'

const tokenizer = openTokenizer(fileURLToPath(new URL('../../../../models/nano/', import.meta.url)))
// The template ends turns with 2, as models do whose generation_config.json names another token first.
const STOP_IDS = [7, 2]
const MACHINE: RunnerMachine = {
  base: { path: '/models/base', revision: null },
  parentAdapter: '/adapters/parent',
  directory: '/trainings/one',
  device: { kind: 'cpu', threads: 2, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false },
  patienceMs: 1234,
}
const optimizer = { learningRate: 0.01, warmUpSteps: 2, schedule: 'cosine', finalShare: 0.2 }
const SFT = { name: 'sft', steps: 7, batchSize: 4, optimizer }
const GRPO = { name: 'grpo', steps: 5, promptsPerStep: 3, samplesPerPrompt: 2, optimizer: { learningRate: 0.001 } }
const SEEDS = { initialisation: 1, order: 22, sampling: 3 }

const messages = (text: string): TrainingSpec['watched'][number]['messages'] => [{ role: 'user', content: text }]
const origin = (type: string, index: number): object => ({
  type,
  eval: index === 2 ? 'old' : '',
  caseId: `${type}-${index}`,
  messages: messages(`ask ${index}`),
})

/** Examples of all types, one after another in turn, so that an index into one type is never an index into all. */
const EXAMPLES = [0, 1, 2, 3, 4].flatMap((index) => [
  { ...origin('prompt', index) },
  { ...origin('demonstration', index), completion: `answer ${index}` },
  { ...origin('pair', index), chosen: `good ${index}`, rejected: `bad ${index}` },
  { ...origin('thumb', index), completion: `said ${index}`, thumb: index % 2 === 0 ? 'up' : 'down' },
])

function specOf(method: object, changes: object = {}): TrainingSpec {
  return trainingSpecSchema.parse({
    ...{ schemaVersion: 1, runId: 'run', round: 'r2', arm: 'one', base: { directory: 'base', hash: '0' }, parentAdapter: 'parent' },
    ...{ lora: { rank: 4, alpha: 8, targets: ['q_proj'] }, method, seeds: SEEDS, examples: EXAMPLES },
    ...{ maxNewTokens: 8, passThreshold: 0.5, checkpointSteps: [3], directory: 'out' },
    ...changes,
  })
}

function build(method: object, changes: object = {}, options: Readonly<Record<string, unknown>> = {}): RunnerSpec {
  const text = { tokenizer, stopIds: STOP_IDS, padId: 0 }
  return buildRunnerSpec(specOf(method, changes), MACHINE, { text, options })
}

const stagesOf = (spec: RunnerSpec): RunnerSpec['stages'] => spec.stages
const prompt = (text: string): number[] => [...tokenizer.renderChat(messages(text), { addGenerationPrompt: true }).ids]
const answer = (text: string): number[] => [...tokenizer.encode(text), 2]
const caseIds = (spec: RunnerSpec, stage = 0): (string | undefined)[] | undefined =>
  stagesOf(spec)[stage]?.order?.map((index) => spec.examples[index]?.caseId)

it('buildRunnerSpec() gives what its own schema takes, with place, seeds and limits as they were named', () => {
  const spec = build(SFT)
  expect(runnerSpecSchema.parse(spec)).toEqual(spec)
  expect(spec).toMatchObject({
    ...{ runId: 'run', round: 'r2', arm: 'one', start: 'continue', maxNewTokens: 8, passThreshold: 0.5, stopIds: STOP_IDS, padId: 0 },
    ...{ base: MACHINE.base, parentAdapter: '/adapters/parent', directory: '/trainings/one', device: MACHINE.device, seeds: SEEDS },
    rewards: { errorShare: 0.1, errorMinimum: 50, patienceMs: 1234 },
  })
})

it.each([
  ['demonstration', SFT, 4],
  ['prompt', GRPO, 3],
  ['prompt', { name: 'rloo', steps: 5, promptsPerStep: 3, samplesPerPrompt: 2, optimizer }, 3],
  ['prompt', { name: 'mdloo', steps: 5, promptsPerStep: 3, samplesPerPrompt: 2, optimizer }, 3],
  ['pair', { name: 'dpo', steps: 5, batchSize: 3, optimizer }, 3],
  ['pair', { name: 'simpo', steps: 5, batchSize: 3, optimizer }, 3],
  ['thumb', { name: 'kto', steps: 5, batchSize: 3, optimizer }, 3],
])('buildRunnerSpec() orders every %s batch as BatchOrder does (%#)', (type, settings, batchSize) => {
  const method = methodSchema.parse(settings)
  const order = new BatchOrder({ count: 5, batchSize, seed: SEEDS.order, label: method.name })
  const expected = Array.from({ length: method.steps }, (_, step) => order.batch(step + 1)).flat()
  expect(caseIds(build(settings))).toEqual(expected.map((index) => `${type}-${index}`))
})

it.each([
  { name: 'raft', steps: 4, batchSize: 2, epochs: 1, promptsPerEpoch: 2, samplesPerPrompt: 2, optimizer },
  { name: 'dpo', steps: 4, batchSize: 2, from: 'samples', optimizer },
  { name: 'kto', steps: 4, batchSize: 2, from: 'samples', optimizer },
  { name: 'simpo', steps: 4, batchSize: 2, from: 'samples', optimizer },
])('buildRunnerSpec() has no order where $name learns from samples that do not exist yet', (settings) => {
  expect(stagesOf(build(settings))[0]?.order).toBe(null)
})

it('buildRunnerSpec() writes out the rate of every step', () => {
  const rates = stagesOf(build(SFT))[0]?.learningRates
  expect(rates).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => learningRateAt(step, 7, { ...optimizer, schedule: 'cosine' })))
  expect(rates?.[2]).toBe(0.01)
  expect(rates?.at(-1)).toBeCloseTo(0.002, 12)
})

it('buildRunnerSpec() renders prompts and encodes answers with the token that ends them', () => {
  const { examples } = build(SFT)
  const none = { completionIds: null, chosenIds: null, rejectedIds: null, thumb: null }
  const of = (type: string, index: number): object => ({
    type,
    eval: index === 2 ? 'old' : '',
    caseId: `${type}-${index}`,
    promptIds: prompt(`ask ${index}`),
  })
  expect(examples).toHaveLength(20)
  expect(examples.slice(4, 8)).toEqual([
    { ...of('prompt', 1), ...none },
    { ...of('demonstration', 1), ...none, completionIds: answer('answer 1') },
    { ...of('pair', 1), ...none, chosenIds: answer('good 1'), rejectedIds: answer('bad 1') },
    { ...of('thumb', 1), ...none, completionIds: answer('said 1'), thumb: 'down' },
  ])
  expect(examples.slice(8, 10).map((example) => example.eval)).toEqual(['old', 'old'])
})

it('buildRunnerSpec() leaves a stop token that a demonstration spells as ordinary text', () => {
  const [example] = build(SFT, {
    examples: [{ type: 'demonstration', caseId: 'a', messages: messages('x'), completion: 'a <eos> b' }],
  }).examples
  expect([...tokenizer.encode('<eos>')]).toEqual([2])
  expect(example?.completionIds?.filter((id) => id === 2)).toEqual([2])
  expect(example?.completionIds?.at(-1)).toBe(2)
  expect(tokenizer.decode(example?.completionIds?.slice(0, -1) ?? [])).toBe('a <eos> b')
})

it('buildRunnerSpec() renders watched cases as prompts', () => {
  const watched = [{ eval: 'other', caseId: 'w', messages: messages('watch me') }]
  expect(build(GRPO, { watched }).watched).toEqual([{ eval: 'other', caseId: 'w', promptIds: prompt('watch me') }])
})

it('buildRunnerSpec() makes a canary of the first prompt and 16 tokens that are the same for every training', () => {
  const { canary } = build(SFT)
  expect(canary.ids.slice(0, canary.promptLength)).toEqual(prompt('ask 0'))
  expect(canary.ids).toHaveLength(canary.promptLength + 16)
  expect(tokenizer.decode(canary.ids.slice(canary.promptLength))).toMatch(/^The quick brown fox/)
  const bare = build(SFT, { examples: [], method: { ...SFT, steps: 1 } }).canary
  expect(bare.promptLength).toBe(1)
  expect(bare.ids.slice(1)).toEqual(canary.ids.slice(canary.promptLength))
})

it('buildRunnerSpec() sorts checkpoints and always has the last step', () => {
  expect(build(SFT).checkpointSteps).toEqual([3, 7])
  expect(build(SFT, { checkpointSteps: [7, 5, 0, 5] }).checkpointSteps).toEqual([0, 5, 7])
})

it('buildRunnerSpec() lets each stage of a chain begin where the one before it ended, with orders and rates of its own', () => {
  const spec = build({ name: 'chain', stages: [SFT, GRPO, { ...SFT, steps: 2 }], steps: 14 })
  expect(stagesOf(spec).map(({ method, firstStep }) => [method.name, firstStep])).toEqual([
    ['sft', 0],
    ['grpo', 7],
    ['sft', 12],
  ])
  const [first, second] = [build(SFT), build(GRPO)]
  expect(caseIds(spec, 0)).toEqual(caseIds(first))
  expect(caseIds(spec, 1)).toEqual(caseIds(second))
  expect(stagesOf(spec)[1]?.learningRates).toEqual(stagesOf(second)[0]?.learningRates)
  expect(stagesOf(spec)[2]?.learningRates).toHaveLength(2)
  expect(spec.checkpointSteps).toEqual([3, 14])
})

it('buildRunnerSpec() puts the trainer’s options for TRL behind those of the method', () => {
  const options = { loss_type: 'nll', logging_steps: 3 }
  const [stage] = stagesOf(build({ ...SFT, trl: { loss_type: 'dft', packing: false } }, {}, options))
  expect(stage?.method.trl).toEqual({ loss_type: 'dft', logging_steps: 3, packing: false })
  expect(stagesOf(build(SFT, {}, options))[0]?.method.trl).toEqual(options)
  expect(stagesOf(build(SFT))[0]?.method.trl).toEqual({})
})
