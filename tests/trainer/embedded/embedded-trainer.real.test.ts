import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { createEmbeddedTrainer } from '../../../src/trainer/embedded/embedded-trainer.ts'
import type { RewardFunction } from '../../../src/grading/reward-function.ts'
import type { TrainingHandle, TrainingOutcome, TrainingProgress } from '../../../src/trainer/trainer.ts'
import { rolloutSchema, type Rollout, type TrainingEvent } from '../../../src/trainer/training-event.ts'
import { methodSchema } from '../../../src/method/method-spec.ts'
import type { TrainingSpec } from '../../../src/trainer/training-spec.ts'
import { writeTinyModel } from '../../round/tiny-model.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trainer-'))
const model = join(scratch, 'model')
let engine: Engine
let tokenizer: Tokenizer

beforeAll(async () => {
  writeTinyModel(model)
  engine = await openEngine(model, { threads: 1 })
  tokenizer = openTokenizer(model)
})
afterAll(async () => {
  await engine.close()
  rmSync(scratch, { recursive: true, force: true })
})

const optimizer = { learningRate: 0.02, warmUpSteps: 0 }
const SFT = { name: 'sft', steps: 8, batchSize: 4, optimizer }
const RAFT = { name: 'raft', steps: 8, batchSize: 4, epochs: 2, promptsPerEpoch: 8, samplesPerPrompt: 4, optimizer }
const GRPO = { name: 'grpo', steps: 12, promptsPerStep: 4, samplesPerPrompt: 8, optimizer }

/** More for words with an "e". */
const rewardLetter: RewardFunction = async (requests) =>
  requests.map(({ completion: { text } }) => (text.split('e').length - 1) / Math.max(1, text.length))

function specOf(name: string, settings: object, checkpointSteps: readonly number[] = []): TrainingSpec {
  const method = methodSchema.parse(settings)
  const cases = Array.from({ length: 8 }, (_, index) => ({
    caseId: `case-${index}`,
    eval: '',
    messages: [{ role: 'user' as const, content: `say ${index}` }],
  }))
  const examples = cases.map((one) =>
    method.name === 'sft' ? { type: 'demonstration' as const, ...one, completion: 'e e e' } : { type: 'prompt' as const, ...one },
  )
  return {
    ...{
      schemaVersion: 1,
      runId: 'test',
      round: 'r1',
      arm: name,
      base: { directory: model, hash: engine.model.hash },
      parentAdapter: null,
      replayed: {},
      start: 'continue',
      watched: [],
    },
    ...{ lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] }, method, examples },
    ...{ seeds: { initialisation: 1, order: 2, sampling: 3 }, maxNewTokens: 6, passThreshold: 0.05 },
    ...{ checkpointSteps: [...checkpointSteps], directory: join(scratch, name) },
  }
}

interface Services {
  readonly grade?: RewardFunction
  readonly onProgress?: (progress: TrainingProgress) => void
}

function submit(spec: TrainingSpec, services: Services = {}): Promise<TrainingHandle> {
  return createEmbeddedTrainer({ engine, tokenizer }).submit(spec, { grade: rewardLetter, graderHash: () => 'letter', ...services })
}

async function train(spec: TrainingSpec, services: Services = {}): Promise<{ outcome: TrainingOutcome; events: TrainingEvent[] }> {
  const handle = await submit(spec, services)
  const outcome = await handle.artifacts()
  const events: TrainingEvent[] = []
  for await (const event of handle.events()) events.push(event)
  return { outcome, events }
}

const stepsOf = (events: readonly TrainingEvent[]): Extract<TrainingEvent, { type: 'step' }>[] =>
  events.flatMap((event) => (event.type === 'step' ? [event] : []))

const bytesOf = (spec: TrainingSpec, step: number): string =>
  readFileSync(join(spec.directory, 'checkpoints', String(step), 'adapter_model.safetensors'), 'latin1')

const rolloutsOf = (spec: TrainingSpec): Rollout[] =>
  readFileSync(join(spec.directory, 'rollouts.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => rolloutSchema.parse(JSON.parse(line)))

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Cancels after `step` with a checkpoint, goes on in a new submission, and gives the last adapter's bytes. */
async function resumedAfter(spec: TrainingSpec, step: number): Promise<string> {
  let stop: () => void = () => expect.fail('the training ran before it was submitted')
  const asked = new Promise<void>((resolve) => (stop = resolve))
  const handle = await submit(spec, { onProgress: (now) => (now.phase === 'updating' && now.step === step ? stop() : undefined) })
  await asked
  await handle.cancel({ saveFirst: true })
  expect((await handle.artifacts()).state).toBe('cancelled')
  expect((await train(spec)).outcome.state).toBe('finished')
  return bytesOf(spec, spec.method.steps)
}

describe('createEmbeddedTrainer()', () => {
  it('lowers the loss of demonstrations with sft', async () => {
    const { outcome, events } = await train(specOf('sft', SFT, [4]))
    const losses = stepsOf(events).map(({ loss }) => loss ?? Number.NaN)
    expect(losses).toHaveLength(8)
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 1)
    expect([outcome.state, outcome.checkpoints.map(({ step }) => step)]).toEqual(['finished', [4, 8]])
    expect(existsSync(join(scratch, 'sft', 'optimizer'))).toBe(false)
  })

  it('raises the mean reward with grpo on the bundled model', async () => {
    const directory = fileURLToPath(new URL('../../../models/nano/', import.meta.url))
    const bundled = { engine: await openEngine(directory, { threads: 1 }), tokenizer: openTokenizer(directory) }
    try {
      const handle = await createEmbeddedTrainer(bundled).submit(
        specOf('grpo', { ...GRPO, optimizer: { ...optimizer, learningRate: 0.01 } }),
        {
          grade: rewardLetter,
          graderHash: () => 'letter',
        },
      )
      await handle.artifacts()
      const rewards: number[] = []
      for await (const event of handle.events()) if (event.type === 'step') rewards.push(event.meanReward ?? Number.NaN)
      expect(mean(rewards.slice(-3))).toBeGreaterThan(4 * mean(rewards.slice(0, 3)))
    } finally {
      await bundled.engine.close()
    }
  })

  it.each([
    ['sft', SFT],
    ['raft', RAFT],
    ['grpo', { ...GRPO, steps: 4, samplesPerPrompt: 4 }],
  ])('ends %s with the same bytes when it was cancelled between checkpoints and resumed', async (name, settings) => {
    const calm = specOf(`${name}-calm`, settings)
    await train(calm)
    const disturbed = specOf(`${name}-disturbed`, settings)
    expect((await resumedAfter(disturbed, 2)) === bytesOf(calm, calm.method.steps)).toBe(true)
  })

  it.each([
    ['raft', RAFT],
    ['grpo', { ...GRPO, steps: 3 }],
  ])('trains %s answers on the prompts that they answer where a replayed eval has cases of the same ids', async (name, settings) => {
    const own = specOf(`${name}-replay`, settings)
    const replayed = own.examples.map((example, index) => ({
      ...example,
      eval: 'earlier',
      messages: [{ role: 'user' as const, content: `now other words ${index}` }],
    }))
    const spec = { ...own, examples: [...own.examples, ...replayed] }
    const trained: string[] = []
    const watching: Engine = {
      ...engine,
      backward: (request) => {
        for (const { ids, promptLength } of request.sequences)
          trained.push([...ids.slice(0, promptLength), '|', ...ids.slice(promptLength)].join(' '))
        return engine.backward(request)
      },
    }
    const handle = await createEmbeddedTrainer({ engine: watching, tokenizer }).submit(spec, {
      grade: rewardLetter,
      graderHash: () => 'letter',
    })
    await handle.artifacts()
    const rollouts = readFileSync(join(spec.directory, 'rollouts.jsonl'), 'utf8').trim().split('\n')
    const prompts = new Map(spec.examples.map((one) => [`${one.eval} ${one.caseId}`, one.messages]))
    const answers = rollouts.map((line) => {
      const rollout = rolloutSchema.parse(JSON.parse(line))
      const messages = prompts.get(`${rollout.eval} ${rollout.caseId}`) ?? []
      return [...tokenizer.renderChat(messages, { addGenerationPrompt: true }).ids, '|', ...rollout.tokenIds].join(' ')
    })
    expect(new Set(rollouts.map((line) => rolloutSchema.parse(JSON.parse(line)).eval))).toEqual(new Set(['', 'earlier']))
    expect(trained.length).toBeGreaterThan(0)
    expect(trained.filter((sequence) => !answers.includes(sequence))).toEqual([])
  })

  it('judges replayed cases by the length limit and the pass threshold of their own eval', async () => {
    const own = specOf('replay-limits', RAFT)
    const earlier = own.examples.map((example) => ({ ...example, eval: 'earlier' }))
    const spec = { ...own, examples: [...own.examples, ...earlier], replayed: { earlier: { maxNewTokens: 2, passThreshold: 2 } } }
    await train(spec)
    const rollouts = rolloutsOf(spec)
    const of = (name: string): Rollout[] => rollouts.filter((rollout) => rollout.eval === name)
    expect(of('earlier').length).toBeGreaterThan(0)
    expect(Math.max(...of('earlier').map(({ tokenIds }) => tokenIds.length))).toBe(2)
    expect(of('earlier').filter(({ used }) => used)).toEqual([])
    expect(Math.max(...of('').map(({ tokenIds }) => tokenIds.length))).toBe(6)
    expect(of('').some(({ used }) => used)).toBe(true)
  })

  it('names the eval of each completion that was trained on where some are of a replayed eval, and none where all are the round’s own', async () => {
    const own = specOf('own-evals', RAFT)
    const replayed = { ...specOf('replayed-evals', RAFT), examples: own.examples.map((example) => ({ ...example, eval: 'earlier' })) }
    const steps = async (spec: TrainingSpec): Promise<readonly string[][]> =>
      stepsOf((await train(spec)).events).flatMap(({ caseIds, caseEvals }) => (caseIds.length === 0 ? [] : [caseEvals]))
    const [ofOwn, ofReplayed] = [await steps(own), await steps(replayed)]
    expect(ofOwn.length).toBeGreaterThan(0)
    expect(new Set(ofOwn.flat())).toEqual(new Set())
    expect(new Set(ofReplayed.flat())).toEqual(new Set(['earlier']))
  })

  it.each([
    ['as used where a KL has them learned', 0.1, true],
    ['as unused where they teach nothing', 0, false],
  ])('records completions of equal rewards %s', async (_, klWeight, isUsed) => {
    const spec = specOf(`grpo-equal-${klWeight}`, { ...GRPO, steps: 2, klWeight })
    const { events } = await train(spec, { grade: async (requests) => requests.map(() => 1) })
    const rollouts = rolloutsOf(spec)
    expect(rollouts.length).toBeGreaterThan(0)
    expect(new Set(rollouts.map(({ used }) => used))).toEqual(new Set([isUsed]))
    expect(stepsOf(events).flatMap(({ caseIds }) => caseIds)).toHaveLength(isUsed ? rollouts.length : 0)
  })

  it('gives the outcome of a finished training again without training', async () => {
    const spec = specOf('again', SFT)
    const first = await train(spec)
    const second = await train(spec, { onProgress: () => expect.fail('it trained again') })
    expect(second.outcome).toEqual(first.outcome)
    expect(second.events).toEqual(first.events)
  })

  it('is lost with its earlier checkpoints when too many rewards cannot be given', async () => {
    let calls = 0
    const grade: RewardFunction = async (requests) => (++calls > 2 ? requests.map(() => null) : rewardLetter(requests))
    const { outcome, events } = await train(specOf('unrewarded', GRPO, [2]), { grade })
    expect(outcome).toMatchObject({ state: 'lost', code: 'REWARD_ERRORS', checkpoints: [{ step: 2 }] })
    expect(events.at(-1)).toMatchObject({ type: 'lost', code: 'REWARD_ERRORS' })
  })
})
