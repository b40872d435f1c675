/**
 * @file What every implementation of `Trainer` must do, whatever trains behind it. Real trainings of a few steps on the bundled model; a training that
 * several tests look at runs once, because some trainers start a process for each.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { learningRateAt } from '../../src/method/learning-rate.ts'
import { sha256 } from '../../src/base/hash.ts'
import { identifyAdapter } from '../../src/identity/identify-model.ts'
import { openEngine } from '../../src/engine/client.ts'
import { readSafetensors, tensorToFloats } from '../../src/engine/checkpoint/safetensors.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import { methodSchema } from '../../src/method/method-spec.ts'
import type { RewardFunction, RewardRequest } from '../../src/grading/reward-function.ts'
import type { Trainer, TrainerServices, TrainingOutcome, WatchReport } from '../../src/trainer/trainer.ts'
import type { TrainerDriver } from '../../src/trainer/driver.ts'
import { rolloutSchema, type Rollout, type TrainingEvent } from '../../src/trainer/training-event.ts'
import type { TrainingSpec } from '../../src/trainer/training-spec.ts'

/** The bundled model, open in an engine that the contract looks at adapters with. */
export interface ContractBase {
  readonly directory: string
  readonly engine: Engine
  readonly tokenizer: Tokenizer
}

export interface TrainerContract {
  readonly name: string
  readonly createTrainer: (base: ContractBase) => Trainer | Promise<Trainer>
  readonly close?: () => Promise<void>
  readonly driver: TrainerDriver
  /** A method that this trainer lacks, and what it says of it. */
  readonly refused: { readonly method: object; readonly reason: RegExp }
}

const BUNDLED = fileURLToPath(new URL('../../models/nano/', import.meta.url))
const optimizer = { learningRate: 0.01, warmUpSteps: 2 }
const SFT = { name: 'sft', steps: 8, batchSize: 4, optimizer }
const GRPO = { name: 'grpo', steps: 12, promptsPerStep: 4, samplesPerPrompt: 8, optimizer: { ...optimizer, warmUpSteps: 0 } }
const SAMPLES_PER_STEP = 32
const MAX_NEW_TOKENS = 6
const CASE_IDS = Array.from({ length: 8 }, (_, index) => `case-${index}`)
const WATCHED_IDS = ['dev-0', 'dev-1']
const GO_ON = { stop: false } as const

/** More for words with an "e". */
const rewardLetter: RewardFunction = async (requests) =>
  requests.map(({ completion: { text } }) => (text.split('e').length - 1) / Math.max(1, text.length))

type StepEvent = Extract<TrainingEvent, { type: 'step' }>

/** A training that came to its end, with everything that it told and asked. */
interface Training {
  readonly spec: TrainingSpec
  readonly outcome: TrainingOutcome
  readonly events: readonly TrainingEvent[]
  readonly steps: readonly StepEvent[]
  /** What a reader saw that followed from the start, while it ran. */
  readonly followed: readonly TrainingEvent[]
  readonly asked: readonly RewardRequest[]
  readonly reports: readonly WatchReport[]
}

/** Runs `start` once, however often it is asked for. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => (running ??= start())
}

async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const found: TrainingEvent[] = []
  for await (const event of events) found.push(event)
  return found
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const checkpointSteps = ({ outcome }: Training): number[] => outcome.checkpoints.map(({ step }) => step)
const fileOf = ({ directory }: TrainingSpec, ...path: string[]): Buffer => readFileSync(join(directory, ...path))
const adapterBytes = (spec: TrainingSpec, step: number): string =>
  fileOf(spec, 'checkpoints', String(step), 'adapter_model.safetensors').toString('latin1')
const rolloutsOf = (spec: TrainingSpec): Rollout[] =>
  fileOf(spec, 'rollouts.jsonl')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => rolloutSchema.parse(JSON.parse(line)))

/** Every tensor of an adapter directory, by name. */
function tensorsOf(directory: string): Map<string, Float32Array> {
  const { bytes, tensors } = readSafetensors(join(directory, 'adapter_model.safetensors'))
  return new Map([...tensors.values()].map((tensor) => [tensor.name, tensorToFloats(bytes, tensor)]))
}

export function trainerContract({ name, driver, createTrainer, close, refused }: TrainerContract): void {
  describe(`${name} (trainer contract)`, () => {
    let scratch: string
    let base: ContractBase
    let trainer: Trainer

    beforeAll(async () => {
      scratch = mkdtempSync(join(tmpdir(), 'holdfast-trainer-'))
      base = { directory: BUNDLED, engine: await openEngine(BUNDLED, { threads: 1 }), tokenizer: openTokenizer(BUNDLED) }
      trainer = await createTrainer(base)
    })
    afterAll(async () => {
      await close?.()
      await base.engine.close()
      rmSync(scratch, { recursive: true, force: true })
    })

    /** A spec in a directory of its own: demonstrations for sft, prompts for everything else, two watched cases for what draws samples. */
    const specOf = (folder: string, settings: object, changes: Partial<TrainingSpec> = {}): TrainingSpec => {
      const method = methodSchema.parse(settings)
      const messages = (text: string): TrainingSpec['watched'][number]['messages'] => [{ role: 'user', content: text }]
      const cases = CASE_IDS.map((caseId, index) => ({ caseId, eval: '', messages: messages(`say ${index}`) }))
      const isSft = method.name === 'sft'
      return {
        ...{ schemaVersion: 1, runId: 'contract', round: 'r1', arm: method.name, start: 'continue', parentAdapter: null, replayed: {} },
        base: { directory: BUNDLED, hash: base.engine.model.hash },
        lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] },
        method,
        seeds: { initialisation: 1, order: 2, sampling: 3 },
        examples: cases.map((one) => (isSft ? { type: 'demonstration', ...one, completion: 'see the tree' } : { type: 'prompt', ...one })),
        watched: isSft ? [] : WATCHED_IDS.map((caseId) => ({ eval: '', caseId, messages: messages(`tell me ${caseId}`) })),
        ...{ maxNewTokens: MAX_NEW_TOKENS, passThreshold: 0.05, checkpointSteps: [4], directory: join(scratch, folder) },
        ...changes,
      }
    }

    const train = async (spec: TrainingSpec, changes: Partial<TrainerServices> = {}): Promise<Training> => {
      const asked: RewardRequest[] = []
      const reports: WatchReport[] = []
      const { grade = rewardLetter, watch = () => Promise.resolve(GO_ON) } = changes
      const handle = await trainer.submit(spec, {
        graderHash: () => 'letter',
        grade: (requests) => (asked.push(...requests), grade(requests)),
        watch: (report) => (reports.push(report), watch(report)),
      })
      const followed = await collect(handle.events())
      const outcome = await handle.artifacts()
      const events = await collect(handle.events())
      return { spec, outcome, events, steps: events.filter((event) => event.type === 'step'), followed, asked, reports }
    }

    /** Asks for the end with a checkpoint while the completions of a step wait for their rewards. */
    const cancelAt = async (spec: TrainingSpec, step: number): Promise<TrainingOutcome> => {
      let cancel: () => void = () => expect.fail('rewards were asked for before the training was submitted')
      let [before, isAsked] = [(step - 1) * SAMPLES_PER_STEP, false]
      const handle = await trainer.submit(spec, {
        graderHash: () => 'letter',
        watch: () => Promise.resolve(GO_ON),
        grade: async (requests) => {
          before -= requests.length
          if (before < 0 && !isAsked) {
            isAsked = true
            cancel()
            // Long enough for a signal to arrive in another process.
            await sleep(1000)
          }
          return rewardLetter(requests)
        },
      })
      cancel = () => void handle.cancel({ saveFirst: true })
      return handle.artifacts()
    }

    const sft = once(() => train(specOf('sft', SFT)))
    const grpo = once(() => train(specOf('grpo', GRPO)))

    it('submit() lowers the loss of demonstrations with sft, one finite step event per step at the planned rates', async () => {
      const { outcome, steps, spec, asked } = await sft()
      expect(outcome.state).toBe('finished')
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const losses = steps.map(({ loss }) => loss ?? Number.NaN)
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2)
      for (const { gradientNorm, trainedTokens } of steps) {
        expect(gradientNorm).toBeGreaterThan(0)
        expect(gradientNorm).toBeLessThan(1e3)
        // "see the tree" and the token that ends it, four times.
        expect(trainedTokens).toBe(4 * (base.tokenizer.encode('see the tree').length + 1))
      }
      const rates = steps.map((_, index) =>
        learningRateAt(index + 1, 8, spec.method.name === 'chain' ? expect.fail() : spec.method.optimizer),
      )
      for (const [index, { learningRate }] of steps.entries()) expect(learningRate).toBeCloseTo(rates[index] as number, 12)
      const epochs = [steps.slice(0, 2), steps.slice(2, 4)].map((epoch) => epoch.flatMap(({ caseIds }) => caseIds).toSorted())
      expect(epochs).toEqual([CASE_IDS, CASE_IDS])
      expect(asked).toEqual([])
    })

    it('submit() writes the asked checkpoints and the last one, with their hashes, as adapters that the engine loads', async () => {
      const training = await sft()
      expect(checkpointSteps(training)).toEqual([4, 8])
      const checkpointEvents = training.events.flatMap((event) => (event.type === 'checkpoint' ? [event] : []))
      expect(checkpointEvents.map(({ step }) => step)).toEqual(training.outcome.checkpoints.map(({ step }) => step))
      const scores = [await logProbOf(null)]
      for (const [index, { adapter, hash }] of training.outcome.checkpoints.entries()) {
        expect(sha256(readFileSync(join(adapter, 'adapter_model.safetensors')))).toBe(checkpointEvents[index]?.hash)
        expect(await identifyAdapter(adapter)).toBe(hash)
        const weights = await base.engine.loadAdapter(adapter)
        scores.push(await logProbOf(weights))
        await base.engine.release(weights)
      }
      // Each is better at the demonstration than the one before it: the base, step 4, step 8.
      expect(scores).toEqual(scores.toSorted((a, b) => a - b))
      expect(scores.at(-1)).toBeGreaterThan((scores[0] ?? 0) / 2)
    })

    const logProbOf = async (weights: string | null): Promise<number> => {
      const prompt = base.tokenizer.renderChat([{ role: 'user', content: 'say 3' }], { addGenerationPrompt: true }).ids
      const ids = Int32Array.from([...prompt, ...base.tokenizer.encode('see the tree')])
      const { logProb } = await base.engine.score({ weights, sequences: [{ ids, promptLength: prompt.length }], outputs: ['logProb'] })
      return (logProb?.[0] ?? new Float32Array()).reduce((sum, value) => sum + value, 0)
    }

    it('events() start with "started", end with "finished", and give late readers and followers the same', async () => {
      const { events, followed, spec } = await sft()
      expect(events[0]).toMatchObject({ type: 'started', examples: 8 })
      expect(events.at(-1)).toEqual({ type: 'finished', steps: 8 })
      expect(events.filter(({ type }) => type === 'started' || type === 'finished')).toHaveLength(2)
      expect(events.findIndex((event) => event.type === 'checkpoint')).toBe(
        events.findIndex((event) => event.type === 'step' && event.step === 5) - 1,
      )
      expect(followed).toEqual(events)
      const again = await trainer.submit(spec, { grade: () => expect.fail(), graderHash: () => 'letter' })
      expect(await collect(again.events(events.length - 2))).toEqual(events.slice(-2))
      await again.artifacts()
    })

    it('submit() raises the mean reward with grpo, asks for rewards of the spec’s cases only and records every rollout with its own', async () => {
      const { outcome, steps, asked, spec } = await grpo()
      expect(outcome.state).toBe('finished')
      const rewards = steps.map(({ meanReward }) => meanReward ?? Number.NaN)
      expect(mean(rewards.slice(-3))).toBeGreaterThan(2 * mean(rewards.slice(0, 3)))
      expect([...new Set(asked.map(({ caseId }) => caseId))].toSorted()).toEqual(CASE_IDS)
      const rollouts = rolloutsOf(spec)
      expect(rollouts).toHaveLength(12 * SAMPLES_PER_STEP)
      expect(asked).toHaveLength(rollouts.length)
      const graded = await rewardLetter(asked)
      const described = (caseId: string, text: string, reward: number | null): string => JSON.stringify([caseId, text, reward])
      expect(rollouts.map(({ caseId, text, reward }) => described(caseId, text, reward)).toSorted()).toEqual(
        asked.map(({ caseId, completion }, index) => described(caseId, completion.text, graded[index] ?? null)).toSorted(),
      )
      for (const { step, meanReward } of steps)
        expect(meanReward).toBeCloseTo(
          mean(rollouts.filter((rollout) => rollout.step === step).map(({ reward }) => reward ?? Number.NaN)),
          6,
        )
      for (const { tokenIds } of rollouts) expect(tokenIds.length).toBeLessThanOrEqual(MAX_NEW_TOKENS)
    })

    it('submit() shows the watched cases, and no others, at step 0 and at every checkpoint', async () => {
      const { reports, steps } = await grpo()
      expect(reports.map(({ step }) => step)).toEqual([0, 4, 12])
      for (const { answers } of reports) expect(answers.map(({ caseId }) => caseId)).toEqual(WATCHED_IDS)
      const rewards = steps.map(({ meanReward }) => meanReward ?? Number.NaN)
      const expected = [rewards[0] ?? 0, mean(rewards.slice(0, 4)), mean(rewards.slice(4))]
      for (const [index, { meanReward }] of reports.entries()) expect(meanReward).toBeCloseTo(expected[index] ?? 0, 6)
    })

    it('submit() gives the outcome of a finished training again and asks nobody anything', async () => {
      const first = await grpo()
      const second = await train(first.spec, { grade: () => expect.fail('it sampled again'), watch: () => expect.fail('it watched again') })
      expect(second.outcome).toEqual(first.outcome)
      expect(second.events).toEqual(first.events)
      expect([...second.asked, ...second.reports]).toEqual([])
    })

    it('cancel() saves, and a cancelled training that goes on ends with the events, rollouts and adapter of an undisturbed one', async () => {
      const spec = specOf('cancelled', GRPO)
      expect((await cancelAt(spec, 6)).state).toBe('cancelled')
      const resumed = await train(spec)
      const calm = await grpo()
      expect(resumed.outcome.state).toBe('finished')
      expect(resumed.asked.length).toBeLessThan(calm.asked.length)
      expect(adapterBytes(spec, 12) === adapterBytes(calm.spec, 12)).toBe(true)
      expect(resumed.events).toEqual(calm.events)
      expect(fileOf(spec, 'rollouts.jsonl').equals(fileOf(calm.spec, 'rollouts.jsonl'))).toBe(true)
    })

    it('submit() is lost, with the checkpoints before, when too many completions cannot be graded', async () => {
      // Every second one: over the budget of 50 in the fourth batch.
      let count = 0
      const grade: RewardFunction = async (requests) => (await rewardLetter(requests)).map((reward) => (count++ % 2 === 0 ? reward : null))
      const lost = await train(specOf('lost', GRPO, { checkpointSteps: [2] }), { grade })
      expect(lost.outcome).toMatchObject({ state: 'lost', code: 'REWARD_ERRORS', message: expect.stringContaining('could not be graded') })
      expect(checkpointSteps(lost)).toEqual([2])
      expect(lost.steps.at(-1)?.step).toBe(3)
      expect(lost.asked).toHaveLength(4 * SAMPLES_PER_STEP)
      expect(lost.followed.at(-1)).toMatchObject({ type: 'lost', code: 'REWARD_ERRORS' })
    })

    it('submit() ends when the watch says stop, without the refused checkpoint, and a rate of 0 leaves the adapter as it was', async () => {
      const parent = (await sft()).outcome.checkpoints.at(-1)?.adapter ?? expect.fail()
      const settings = { ...GRPO, optimizer: { ...GRPO.optimizer, learningRate: 0 } }
      const stopping = await train(specOf('stopped', settings, { parentAdapter: parent, checkpointSteps: [1, 2, 3] }), {
        watch: ({ step }) => Promise.resolve(step === 2 ? { stop: true, reason: 'the twins fell' } : GO_ON),
      })
      expect(stopping.outcome).toMatchObject({ state: 'stopped', step: 2, reason: 'the twins fell' })
      expect(checkpointSteps(stopping)).toEqual([1])
      expect(stopping.reports.map(({ step }) => step)).toEqual([0, 1, 2])
      expect(stopping.events.at(-1)).toEqual({ type: 'stopped', step: 2, reason: 'the twins fell' })
      expect(tensorsOf(stopping.outcome.checkpoints[0]?.adapter ?? '')).toEqual(tensorsOf(parent))
    })

    it('the driver’s refuse() says why for a method that it lacks, and null for sft', () => {
      expect(driver.refuse(methodSchema.parse(SFT))).toBe(null)
      expect(driver.refuse(methodSchema.parse(refused.method))).toMatch(refused.reason)
    })
  })
}
