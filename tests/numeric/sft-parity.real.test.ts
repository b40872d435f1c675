/**
 * @file The same supervised training on both trainers: same base, same adapter file to begin with, same examples, seeds and rates, all in f32.
 * Then each one's adapter in the other's hands.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { openEngine } from '../../src/engine/client.ts'
import type { Engine, TokenSequence } from '../../src/engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import { createEmbeddedTrainer } from '../../src/trainer/embedded/embedded-trainer.ts'
import { methodSchema } from '../../src/method/method-spec.ts'
import type { Trainer, TrainingOutcome } from '../../src/trainer/trainer.ts'
import type { TrainingEvent } from '../../src/trainer/training-event.ts'
import type { TrainingSpec } from '../../src/trainer/training-spec.ts'
import { canaryRecordSchema, type CanaryRecord } from '../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { writeTinyModel } from '../round/tiny-model.ts'
import { openLocalTrlTrainer } from '../trainer/trl/local-trl-trainer.ts'

const python = await findTrainerPython()
const STEPS = 50
const LOSS_TOLERANCE = 1e-3
const LOG_PROB_TOLERANCE = 1e-4
const LORA = { rank: 4, alpha: 8, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] } as const
/** Clipping and weight decay are at work, and batches of 5 do not divide 12 examples. */
const sftAt = (learningRate: number): object => {
  const optimizer = { learningRate, weightDecay: 0.01, maxGradientNorm: 0.5, warmUpSteps: 5 }
  return { name: 'sft', steps: STEPS, batchSize: 5, optimizer }
}
/** A few of these move both matrices away from zero, and the model not far. */
const INITIAL_STEP = {
  optimizer: 'adamw',
  learningRate: 0.003,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
} as const
const SUBJECTS = ['refill', 'appointment', 'dose', 'opening hours', 'referral', 'results']

type StepEvent = Extract<TrainingEvent, { type: 'step' }>

interface Side {
  readonly outcome: TrainingOutcome
  readonly steps: readonly StepEvent[]
}

async function train(trainer: Trainer, spec: TrainingSpec): Promise<Side> {
  const handle = await trainer.submit(spec, { grade: () => expect.fail('sft asks for no rewards'), graderHash: () => 'none' })
  const outcome = await handle.artifacts()
  const steps: StepEvent[] = []
  for await (const event of handle.events()) if (event.type === 'step') steps.push(event)
  return { outcome, steps }
}

const relative = (found: number, expected: number): number => Math.abs(found - expected) / Math.abs(expected)
const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)
const lossesOf = ({ steps }: Side): number[] => steps.map(({ loss }) => loss ?? Number.NaN)

describe.skipIf(python === null).each([
  { name: 'the tiny model', learningRate: 0.02, place: (scratch: string) => writeTinyModel(join(scratch, 'model')) },
  { name: 'the bundled model', learningRate: 0.002, place: () => fileURLToPath(new URL('../../models/nano/', import.meta.url)) },
])('createTrlTrainer() beside createEmbeddedTrainer(), $name', ({ learningRate, place }) => {
  let scratch: string
  let directory: string
  let engine: Engine
  let tokenizer: Tokenizer
  let initial: string
  let [embedded, trl]: Side[] = []

  const examplesOf = (): TrainingSpec['examples'] =>
    Array.from({ length: 12 }, (_, index) => ({
      type: 'demonstration',
      ...{ caseId: `case-${index}`, eval: '' },
      messages: [{ role: 'user', content: `Tell me about ${SUBJECTS[index % SUBJECTS.length]} number ${index}` }],
      completion: `${SUBJECTS[(5 * index) % SUBJECTS.length]} ${'yes '.repeat(index % 4)}${index}`,
    }))

  const specOf = (name: string, changes: Partial<TrainingSpec> = {}): TrainingSpec => ({
    ...{ schemaVersion: 1, runId: 'parity', round: 'r1', arm: name, start: 'continue', parentAdapter: initial, watched: [], replayed: {} },
    ...{
      base: { directory, hash: engine.model.hash },
      lora: { ...LORA, targets: [...LORA.targets] },
      method: methodSchema.parse(sftAt(learningRate)),
    },
    ...{ seeds: { initialisation: 1, order: 2, sampling: 3 }, examples: examplesOf(), maxNewTokens: 8, passThreshold: 1 },
    ...{ checkpointSteps: [], directory: join(scratch, name) },
    ...changes,
  })

  /** An adapter file from our engine with no matrix at zero. */
  const writeInitialAdapter = async (): Promise<string> => {
    const weights = await engine.createLora({ ...LORA, seed: 5 })
    const random = seededRandom(6)
    for (let step = 0; step < 3; step++) {
      const ids = Int32Array.from({ length: 12 }, () => 3 + random.integer(1200))
      await engine.backward({ weights, sequences: [{ ids, promptLength: 4 }], gradients: { logProb: [new Float32Array(8).fill(-1 / 8)] } })
      await engine.step(weights, INITIAL_STEP)
    }
    await engine.saveAdapter(weights, join(scratch, 'initial'))
    await engine.release(weights)
    return join(scratch, 'initial')
  }

  const logProbsUnder = async (adapter: string | null, { ids, promptLength }: CanaryRecord): Promise<readonly number[]> => {
    const weights = adapter === null ? null : await engine.loadAdapter(adapter)
    const sequences: TokenSequence[] = [{ ids: Int32Array.from(ids), promptLength }]
    const { logProb } = await engine.score({ weights, sequences, outputs: ['logProb'] })
    if (weights !== null) await engine.release(weights)
    return [...(logProb?.[0] ?? [])]
  }

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'holdfast-parity-'))
    directory = place(scratch)
    engine = await openEngine(directory, { threads: 2 })
    tokenizer = openTokenizer(directory)
    initial = await writeInitialAdapter()
    const runner = openLocalTrlTrainer(python as string, { directory, model: engine.model, tokenizer })
    try {
      embedded = await train(createEmbeddedTrainer({ engine, tokenizer }), specOf('embedded'))
      trl = await train(runner.trainer, specOf('trl', { checkpointSteps: [0] }))
    } finally {
      await runner.close()
    }
  })
  afterAll(async () => {
    await engine.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  it('submit() takes the same cases in the same order at the same rates', () => {
    const batches = ({ steps }: Side): object[] => steps.map(({ step, caseIds, trainedTokens }) => ({ step, caseIds, trainedTokens }))
    expect(trl?.outcome.state).toBe('finished')
    expect(batches(trl as Side)).toEqual(batches(embedded as Side))
    const rates = ({ steps }: Side): number[] => steps.map(({ learningRate }) => learningRate)
    expect(largest(rates(trl as Side).map((rate, i) => relative(rate, rates(embedded as Side)[i] as number)))).toBeLessThan(1e-9)
  })

  it('submit() gives the same loss at each of 50 steps', () => {
    const [found, expected] = [lossesOf(trl as Side), lossesOf(embedded as Side)]
    expect(found).toHaveLength(STEPS)
    expect(largest(found.map((loss, i) => relative(loss, expected[i] as number)))).toBeLessThan(LOSS_TOLERANCE)
    // There is something to be equal about: the loss fell by more than a nat and does not stand still near 0.
    expect(expected.at(-1)).toBeLessThan((expected[0] as number) - 1)
    expect(expected.at(-1)).toBeGreaterThan(0.5)
  })

  it('submit() gives the same gradient norms, before clipping', () => {
    const norms = ({ steps }: Side): number[] => steps.map(({ gradientNorm }) => gradientNorm)
    const expected = norms(embedded as Side)
    expect(largest(norms(trl as Side).map((norm, i) => relative(norm, expected[i] as number)))).toBeLessThan(10 * LOSS_TOLERANCE)
    expect(largest(expected)).toBeGreaterThan(0.5)
  })

  it('loadAdapter() gives the runner’s adapter the log-probabilities of its canary, and PEFT gives ours the same', async () => {
    const byStep = new Map((trl as Side).outcome.checkpoints.map(({ step, adapter }) => [step, adapter]))
    expect([...byStep.keys()]).toEqual([0, STEPS])
    for (const [step, adapter] of byStep) {
      const canary = canaryRecordSchema.parse(JSON.parse(readFileSync(join(adapter, 'canary.json'), 'utf8')))
      // Step 0 is our own file as PEFT read it.
      const ours = await logProbsUnder(step === 0 ? initial : adapter, canary)
      expect(ours).toHaveLength(canary.logProbs.length)
      expect(largest(ours.map((value, i) => Math.abs(value - (canary.logProbs[i] as number))))).toBeLessThan(LOG_PROB_TOLERANCE)
      const base = await logProbsUnder(null, canary)
      expect(largest(base.map((value, i) => Math.abs(value - (canary.baseLogProbs[i] as number))))).toBeLessThan(LOG_PROB_TOLERANCE)
      expect(largest(ours.map((value, i) => Math.abs(value - (base[i] as number))))).toBeGreaterThan(100 * LOG_PROB_TOLERANCE)
    }
  })
})
