/**
 * @file Every method for a few steps through TRL: what its loss is against numbers from the embedded engine, and what it records.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashFile } from '../../../src/base/hash.ts'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine, WeightsId } from '../../../src/engine/engine.ts'
import type { Rollout } from '../../../src/trainer/training-event.ts'
import type { RunnerExample, RunnerSpec } from '../../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../trainer-python.ts'
import {
  BASE,
  demonstrations,
  example,
  PARENT,
  pointAt,
  prompts,
  readCanary,
  readTraining,
  stage,
  startRunner,
  STOP,
  Trainings,
  type Left,
  type RunnerRun,
} from './runner-fixture.ts'
import { evenShare, startTestGraders, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()

const ORDER = [0, 1, 2, 3, 4, 0, 1, 2]
const PAIRS = Array.from({ length: 5 }, (_, i) => example('pair', i, { chosenIds: [10 + i, 12, STOP], rejectedIds: [11, STOP] }))
const THUMBS = Array.from({ length: 5 }, (_, i) =>
  example('thumb', i, { completionIds: [10 + i, 12, STOP], thumb: i % 2 === 0 ? 'up' : 'down' }),
)
const MIXED = [...prompts(5), ...demonstrations(5)]
const ONLINE = { promptsPerStep: 2, samplesPerPrompt: 4 }
const WATCHED = [
  { eval: '', caseId: 'dev-1', promptIds: [1, 4, 5] },
  { eval: 'other', caseId: 'dev-2', promptIds: [1, 4, 5, 6] },
]
const micro = (microBatchSize: number): RunnerSpec['device'] => ({
  ...{ kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, vllm: false },
  microBatchSize,
})

function writeAll(trainings: Trainings) {
  const samples = { from: 'samples', batchSize: 2, samplesPerPrompt: 4 }
  const sft = stage('sft', { batchSize: 2 }, ORDER)
  const grpo = stage('grpo', ONLINE, ORDER)
  const reward = { ...ONLINE, klWeight: 0.05 }
  return {
    sft: trainings.write('sft', [sft], { examples: demonstrations(5) }),
    sftInParts: trainings.write('sft-in-parts', [sft], { examples: demonstrations(5), device: micro(1) }),
    merged: trainings.write('merged', [sft], { examples: demonstrations(5), parentAdapter: PARENT, start: 'merge' }),
    raft: trainings.write('raft', [stage('raft', { batchSize: 3, epochs: 2, promptsPerEpoch: 4, samplesPerPrompt: 5 }, null)]),
    dpo: trainings.write('dpo', [stage('dpo', { batchSize: 2 }, ORDER)], { examples: PAIRS, parentAdapter: PARENT }),
    dpoToBase: trainings.write('dpo-to-base', [stage('dpo', { batchSize: 2, reference: 'base' }, ORDER)], {
      ...{ examples: PAIRS, parentAdapter: PARENT, device: micro(1) },
    }),
    dpoOfSamples: trainings.write('dpo-of-samples', [stage('dpo', samples, null)]),
    kto: trainings.write('kto', [stage('kto', { batchSize: 2, desirableWeight: 3 }, ORDER)], { examples: THUMBS }),
    ktoOfSamples: trainings.write('kto-of-samples', [stage('kto', samples, null)]),
    simpo: trainings.write('simpo', [stage('simpo', { batchSize: 2, beta: 2, gamma: 0.5 }, ORDER)], { examples: PAIRS }),
    grpo: trainings.write('grpo', [grpo], { watched: WATCHED }),
    grpoInParts: trainings.write('grpo-in-parts', [grpo], { device: micro(3) }),
    gspo: trainings.write(
      'gspo',
      [
        stage(
          'grpo',
          {
            ...ONLINE,
            aggregation: 'grpo',
            importance: 'sequence',
            clipHigh: 0.3,
            updatesPerBatch: 2,
            maskTruncated: true,
            scaleRewards: 'none',
          },
          ORDER,
        ),
      ],
      { checkpointSteps: [1, 4], maxNewTokens: 40 },
    ),
    rloo: trainings.write('rloo', [stage('rloo', reward, ORDER)]),
    mdloo: trainings.write('mdloo', [stage('mdloo', { ...reward, proximalWeight: 0.5 }, ORDER)]),
    chain: trainings.write(
      'chain',
      [
        stage('sft', { steps: 2, batchSize: 2 }, [5, 6, 7, 8]),
        stage('grpo', { ...ONLINE, steps: 2, klWeight: 0.1, instanceFilter: { samples: 4, keep: 'mixed' } }, ORDER.slice(0, 4)),
      ],
      { examples: MIXED, watched: WATCHED },
    ),
  }
}

/** Numbers in the parent's tensors, from the file itself. */

type Name = keyof ReturnType<typeof writeAll>

describe.skipIf(python === null)('the runner’s methods', () => {
  const trainings = new Trainings()
  const paths = writeAll(trainings)
  const left = {} as Record<Name, Left>
  let ended: Awaited<RunnerRun['ended']>
  let graders: TestGraders
  let engine: Engine
  let parent: WeightsId

  beforeAll(async () => {
    graders = await startTestGraders()
    pointAt(graders.address, ...Object.values(paths))
    engine = await openEngine(BASE, { threads: 1 })
    parent = await engine.loadAdapter(PARENT)
    ended = await startRunner(python ?? '', 'train', Object.values(paths)).ended
    for (const name of Object.keys(paths) as Name[]) left[name] = readTraining(paths[name])
  })
  afterAll(async () => {
    await engine.close()
    await graders.close()
    trainings.remove()
  })

  const logProbs = async (
    weights: WeightsId | null,
    sequences: readonly (readonly [readonly number[], readonly number[]])[],
  ): Promise<number[][]> => {
    const asked = sequences.map(([prompt, answer]) => ({ ids: Int32Array.from([...prompt, ...answer]), promptLength: prompt.length }))
    const { logProb } = await engine.score({ weights, sequences: asked, outputs: ['logProb'] })
    return (logProb ?? []).map((row) => [...row])
  }
  const batch = (examples: readonly RunnerExample[], step: number): RunnerExample[] =>
    ORDER.slice(2 * step - 2, 2 * step).map((index) => examples[index] as RunnerExample)
  const lossOf = (name: Name, step: number): number => left[name].steps[step - 1]?.loss ?? Number.NaN

  test('train() of every method takes its steps, names its checkpoints, and ends as finished', () => {
    expect({ code: ended.code, failure: ended.stderr.includes('Traceback') ? ended.stderr.slice(-3000) : '' }).toEqual({
      code: 0,
      failure: '',
    })
    for (const name of Object.keys(paths) as Name[]) {
      const { events, steps, exit } = left[name]
      expect({ name, ...exit }).toMatchObject({ name, state: 'finished', step: 4, code: null })
      expect(events[0]).toMatchObject({ type: 'started', schemaVersion: 1, parameters: engine.model.parameterCount })
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4])
      expect(steps.every(({ gradientNorm, loss }) => gradientNorm > 0 && loss !== null)).toBe(true)
      expect(events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []))).toEqual([2, 4])
      expect(events.at(-1)).toEqual({ type: 'finished', steps: 4 })
    }
  })

  test('train() exports three files of mode 0644 whose numbers the embedded engine computes too', async () => {
    for (const name of Object.keys(paths) as Name[]) {
      const folder = join(paths[name].directory, 'checkpoints', '4')
      expect(readdirSync(folder).toSorted()).toEqual(['adapter_config.json', 'adapter_model.safetensors', 'canary.json'])
      expect(statSync(join(folder, 'adapter_model.safetensors')).mode & 0o777).toBe(0o644)
      const event = left[name].events.findLast(({ type }) => type === 'checkpoint')
      expect(event).toMatchObject({ adapter: 'checkpoints/4', hash: await hashFile(join(folder, 'adapter_model.safetensors')) })
      const { ids, promptLength, logProbs: adapted, baseLogProbs, precision } = readCanary(paths[name], 4)
      expect(precision).toBe('f32')
      const sequence = [ids.slice(0, promptLength), ids.slice(promptLength)] as const
      const weights = await engine.loadAdapter(folder)
      expectClose(adapted, (await logProbs(weights, [sequence]))[0] ?? [])
      expectClose(baseLogProbs, (await logProbs(null, [sequence]))[0] ?? [])
      expect(largestDifference(adapted, baseLogProbs)).toBeGreaterThan(1e-3)
    }
  })

  test('train() takes learning rates and batches exactly as the spec lists them', () => {
    for (const name of ['sft', 'dpo', 'kto', 'simpo'] as const) {
      expect(left[name].steps.map(({ learningRate }) => learningRate)).toEqual([0, 1, 2, 3].map((step) => 0.01 * (1 - step / 16)))
      expect(left[name].steps.map(({ caseIds }) => caseIds)).toEqual(
        [1, 2, 3, 4].map((step) => batch(prompts(5), step).map(({ caseId }) => caseId)),
      )
    }
    expect(left.sft.steps.map(({ trainedTokens }) => trainedTokens)).toEqual([5, 5, 6, 5])
    expect(left.dpo.steps.map(({ trainedTokens }) => trainedTokens)).toEqual([10, 10, 10, 10])
  })

  test('sft learns the mean negative log-likelihood of the batch’s completion tokens, in one part or in several', async () => {
    const examples = batch(demonstrations(5), 1)
    const scores = (
      await logProbs(
        null,
        examples.map(({ promptIds, completionIds }) => [promptIds, completionIds ?? []]),
      )
    ).flat()
    expect(lossOf('sft', 1)).toBeCloseTo(-sum(scores) / scores.length, 5)
    expectClose(
      left.sftInParts.steps.flatMap(({ loss, gradientNorm }) => [loss ?? Number.NaN, gradientNorm]),
      left.sft.steps.flatMap(({ loss, gradientNorm }) => [loss ?? Number.NaN, gradientNorm]),
    )
  })

  test('start: merge learns over the parent’s weights and exports both adapters as one', async () => {
    const examples = batch(demonstrations(5), 1)
    const scores = (
      await logProbs(
        parent,
        examples.map(({ promptIds, completionIds }) => [promptIds, completionIds ?? []]),
      )
    ).flat()
    expect(lossOf('merged', 1)).toBeCloseTo(-sum(scores) / scores.length, 4)
  })

  test('dpo measures from the parent, or from the base', async () => {
    const examples = batch(PAIRS, 1)
    const sequences = examples.flatMap(({ promptIds, chosenIds, rejectedIds }) =>
      [chosenIds, rejectedIds].map((ids) => [promptIds, ids ?? []] as const),
    )
    const [policy, base] = [await logProbs(parent, sequences), await logProbs(null, sequences)]
    const moved = policy.map((row, index) => sum(row) - sum(base[index] ?? []))
    const margins = [0, 2].map((index) => (moved[index] ?? 0) - (moved[index + 1] ?? 0))
    expect(lossOf('dpo', 1)).toBeCloseTo(Math.LN2, 6)
    expect(lossOf('dpoToBase', 1)).toBeCloseTo(mean(margins.map((margin) => -logSigmoid(0.1 * margin))), 4)
    expect(lossOf('dpo', 4)).toBeLessThan(Math.LN2)
  })

  test('kto begins at half of its weights, and learns', () => {
    expect(lossOf('kto', 1)).toBeCloseTo((3 * 0.5 + 0.5) / 2, 6)
    expect(left.kto.steps[0]?.trainedTokens).toBe(6)
  })

  test('simpo compares mean log-probabilities against a margin, without a likelihood term', async () => {
    const examples = batch(PAIRS, 1)
    const sequences = examples.flatMap(({ promptIds, chosenIds, rejectedIds }) =>
      [chosenIds, rejectedIds].map((ids) => [promptIds, ids ?? []] as const),
    )
    const means = (await logProbs(null, sequences)).map(mean)
    const margins = [0, 2].map((index) => 2 * ((means[index] ?? 0) - (means[index + 1] ?? 0)) - 0.5)
    expect(lossOf('simpo', 1)).toBeCloseTo(mean(margins.map((margin) => -logSigmoid(margin))), 4)
  })

  test('preferences of samples pair the best with the worst of a prompt, and tell of the samples once', () => {
    const groups = groupsOf(left.dpoOfSamples.rollouts)
    // Taken in a random order.
    expect([...groups.keys()].toSorted()).toEqual(prompts(5).map(({ caseId }) => `1 ${caseId}`))
    for (const group of groups.values()) {
      const rewards = group.map(({ reward }) => reward ?? 0)
      const used = group.filter((one) => one.used).map(({ reward }) => reward)
      const [best, worst] = [Math.max(...rewards), Math.min(...rewards)]
      expect(used.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(best === worst ? [] : [worst, best])
    }
    const rewards = left.dpoOfSamples.rollouts.map(({ reward }) => reward ?? 0)
    expect(left.dpoOfSamples.steps.map(({ meanReward }) => meanReward)).toEqual([mean(rewards), null, null, null])
    expect(left.ktoOfSamples.rollouts.every(({ used }) => used)).toBe(true)
  })

  test('raft learns at most two different passing samples of each prompt, drawn anew each epoch', () => {
    const { steps, rollouts } = left.raft
    const groups = groupsOf(rollouts)
    expect(groups.size).toBe(8)
    for (const group of groups.values()) {
      const used = group.filter((one) => one.used)
      const passing = new Set(group.filter(({ reward }) => (reward ?? 0) >= 0.5).map(({ tokenIds }) => tokenIds.join(' ')))
      expect(used.every(({ reward }) => (reward ?? 0) >= 0.5)).toBe(true)
      expect(new Set(used.map(({ tokenIds }) => tokenIds.join(' '))).size).toBe(used.length)
      expect(used.length).toBe(Math.min(2, passing.size))
    }
    for (const step of steps) {
      const pool = rollouts.filter((one) => one.used && one.step === (step.step < 3 ? 1 : 3)).map(({ caseId }) => caseId)
      expect(step.caseIds).toHaveLength(3)
      expect(step.caseIds.every((caseId) => pool.includes(caseId))).toBe(true)
    }
    expect(steps.map(({ meanReward }) => meanReward === null)).toEqual([false, true, false, true])
  })

  test('grpo records groups in the spec’s order with rewards, and advantages in units of the group’s deviation', () => {
    const { steps, rollouts } = left.grpo
    expect(steps.map(({ caseIds }) => [caseIds[0], caseIds[4]])).toEqual(
      [1, 2, 3, 4].map((step) => batch(prompts(5), step).map(({ caseId }) => caseId)),
    )
    expect(rollouts.map(({ reward }) => reward)).toEqual(rollouts.map(({ tokenIds }) => evenShare({ tokenIds } as never)))
    expect(new Set(rollouts.map(({ seed }) => seed)).size).toBe(rollouts.length)
    for (const group of groupsOf(rollouts).values()) {
      const rewards = group.map(({ reward }) => reward ?? 0)
      const deviation = Math.sqrt(sum(rewards.map((reward) => (reward - mean(rewards)) ** 2)) / 3)
      expectClose(
        group.map(({ advantage }) => advantage ?? Number.NaN),
        rewards.map((reward) => (reward - mean(rewards)) / (deviation + 1e-4)),
      )
    }
    expect(steps[0]?.meanReward).toBeCloseTo(mean(rollouts.filter(({ step }) => step === 1).map(({ reward }) => reward ?? 0)), 12)
  })

  test('grpo in several parts takes the step of the whole batch', () => {
    const { steps, rollouts } = left.grpoInParts
    expect(rollouts.slice(0, 8)).toEqual(left.grpo.rollouts.slice(0, 8))
    expect(steps[0]?.gradientNorm).toBeCloseTo(left.grpo.steps[0]?.gradientNorm ?? Number.NaN, 5)
  })

  test('grpo with two updates on a batch draws every second step, and leaves cut completions out', () => {
    const { steps, rollouts } = left.gspo
    expect([...new Set(rollouts.map(({ step }) => step))]).toEqual([1, 3])
    expect(rollouts.some(({ tokenIds }) => tokenIds.at(-1) !== STOP)).toBe(true)
    const used = rollouts.filter((one) => one.used)
    expect(used.every(({ tokenIds }) => tokenIds.at(-1) === STOP)).toBe(true)
    expect(used.map(({ step }) => step)).toEqual(expect.arrayContaining([1, 3]))
    expect(steps[0]?.trainedTokens).toBe(sum(used.filter(({ step }) => step === 1).map(({ tokenIds }) => tokenIds.length)))
    expect(steps.map(({ meanReward }) => meanReward === null)).toEqual([false, true, false, true])
    expect(steps[1]?.caseIds).toEqual(steps[0]?.caseIds)
  })

  test('rloo gives each completion its reward less the mean of the others', () => {
    for (const group of [...groupsOf(left.rloo.rollouts).values()].slice(0, 2)) {
      const rewards = group.map(({ reward }) => reward ?? 0)
      expectClose(
        group.map(({ advantage }) => advantage ?? Number.NaN),
        rewards.map((reward) => reward - (sum(rewards) - reward) / 3),
      )
    }
  })

  test('mdloo takes rloo’s first step and another second one, because nothing is clipped', () => {
    const [first, second] = left.mdloo.steps
    expect(first?.gradientNorm).toBeCloseTo(left.rloo.steps[0]?.gradientNorm ?? Number.NaN, 5)
    expect(Math.abs(first?.loss ?? 1)).toBeLessThan(1e-6)
    expect(Math.abs(second?.loss ?? 0)).toBeGreaterThan(1e-3)
    expect([...new Set(left.mdloo.rollouts.map(({ step }) => step))]).toEqual([1, 3])
  })

  test('a chain counts its steps on and filters before its second stage', () => {
    const { events, steps, rollouts } = left.chain
    expect(events.map(({ type }) => type)).toEqual([
      'started',
      'step',
      'step',
      'checkpoint',
      'filtered',
      'step',
      'step',
      'checkpoint',
      'finished',
    ])
    const filtered = events.find((event) => event.type === 'filtered')
    const drawn = groupsOf(rollouts.slice(0, 16))
    const solved = (group: readonly Rollout[]): number => group.filter(({ reward }) => (reward ?? 0) >= 0.5).length
    const dropped = [...drawn.values()].filter((group) => solved(group) === 0 || solved(group) === 4).map((group) => group[0]?.caseId)
    expect(filtered).toEqual({ type: 'filtered', kept: 4 - dropped.length, dropped })
    const kept = ORDER.slice(0, 4)
      .map((index) => `case-${index}`)
      .filter((caseId) => !dropped.includes(caseId))
    const wanted = [0, 1, 2, 3].map((place) => kept[place % kept.length])
    expect([...groupsOf(rollouts.slice(16)).values()].map((group) => group[0]?.caseId)).toEqual(wanted)
    expect(steps[2]?.meanReward).not.toBeNull()
  })

  test('the watch sees answers of a stage’s start and of its checkpoints, with the mean reward since', () => {
    const seen = graders.watched.map(({ step, items }) => [step, items.map(({ caseId }) => caseId).join(' ')])
    expect(seen).toEqual([0, 2, 4, 2, 4].map((step) => [step, 'dev-1 dev-2']))
    const { steps } = left.grpo
    expect(graders.watched[0]?.meanReward).toBe(steps[0]?.meanReward)
    expect(graders.watched[1]?.meanReward).toBe(mean(steps.slice(0, 2).map(({ meanReward }) => meanReward ?? Number.NaN)))
    expect(graders.watched[2]?.meanReward).toBe(mean(steps.slice(2).map(({ meanReward }) => meanReward ?? Number.NaN)))
  })
})

function groupsOf(rollouts: readonly Rollout[]): Map<string, Rollout[]> {
  const groups = new Map<string, Rollout[]>()
  for (const one of rollouts) groups.set(`${one.step} ${one.caseId}`, [...(groups.get(`${one.step} ${one.caseId}`) ?? []), one])
  return groups
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const logSigmoid = (value: number): number => -Math.log1p(Math.exp(-value))

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length)
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))))
}

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(largestDifference(a, b)).toBeLessThan(1e-4)
}
