/**
 * @file A training that is killed or cancelled ends with the bytes of one that nobody disturbed: events, rollouts, adapter and canary.
 */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RewardMessage } from '../../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../trainer-python.ts'
import {
  demonstrations,
  pointAt,
  prompts,
  readBytes,
  readTraining,
  stage,
  startRunner,
  Trainings,
  type TrainingPaths,
} from './runner-fixture.ts'
import { startTestGraders, type Behaviour, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()

/** Every kind of state that a stage can be in: moments, a pool of an epoch, made pairs, dropped prompts, a reference, updates within a batch. */
const STAGES = [
  stage('sft', { steps: 3, batchSize: 2 }, [5, 6, 7, 8, 9, 5]),
  stage('raft', { steps: 4, batchSize: 2, epochs: 2, promptsPerEpoch: 3, samplesPerPrompt: 4 }, null),
  stage('dpo', { steps: 2, batchSize: 2, from: 'samples', samplesPerPrompt: 3 }, null),
  stage(
    'grpo',
    { promptsPerStep: 2, samplesPerPrompt: 4, klWeight: 0.1, updatesPerBatch: 2, instanceFilter: { samples: 4, keep: 'mixed' } },
    [0, 1, 2, 3, 4, 0, 1, 2],
  ),
]
const STEPS = 13

describe.skipIf(python === null)('the runner, interrupted', () => {
  const trainings = new Trainings()
  const open: TestGraders[] = []
  let calm: TrainingPaths
  let calmCode: number | null

  const write = (name: string): TrainingPaths =>
    trainings.write(name, STAGES, {
      examples: [...prompts(5), ...demonstrations(5)],
      checkpointSteps: [2, 5, 10, STEPS],
      watched: [{ eval: '', caseId: 'dev-1', promptIds: [1, 4, 5] }],
      device: { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: 4, vllm: false },
    })

  /** Runs a training to its end with graders of its own. */
  const run = async (training: TrainingPaths, behaviour: (kill: (signal: NodeJS.Signals) => void) => Behaviour): Promise<number | null> => {
    let kill = (_: NodeJS.Signals): void => {}
    const graders = await startTestGraders(behaviour((signal) => kill(signal)))
    open.push(graders)
    pointAt(graders.address, training)
    const runner = startRunner(python ?? '', 'train', [training])
    kill = (signal) => void runner.process.kill(signal)
    return (await runner.ended).code
  }

  beforeAll(async () => {
    calm = write('calm')
    calmCode = await run(calm, () => ({}))
  })
  afterAll(async () => {
    for (const graders of open) await graders.close()
    trainings.remove()
  })

  test('train() goes on after SIGKILL from its last saved state, with equal bytes', async () => {
    expect(calmCode).toBe(0)
    const killed = write('killed')
    const killAt = (step: number) => (kill: (signal: NodeJS.Signals) => void) => ({
      onRewards: (message: RewardMessage) => {
        if (message.step !== step) return undefined
        kill('SIGKILL')
        return 'hang' as const
      },
    })
    expect(await run(killed, killAt(6))).toBeNull()
    expect(readTraining(killed).steps.at(-1)?.step).toBe(5)
    expect(await run(killed, killAt(12))).toBeNull()
    expect(readTraining(killed).steps.at(-1)?.step).toBe(11)
    expect(await run(killed, () => ({}))).toBe(0)
    expect(readBytes(killed, STEPS)).toEqual(readBytes(calm, STEPS))
  })

  test('train() asked to end by SIGTERM finishes its step, saves, and goes on later with equal bytes', async () => {
    const cancelled = write('cancelled')
    const terminate = (kill: (signal: NodeJS.Signals) => void): Behaviour => ({
      onRewards: (message) => {
        // The first message of step 10 is of the filter before it: after that one nothing more would be drawn.
        if (message.step === 10 && message.items[0]?.index !== 0) kill('SIGTERM')
      },
    })
    expect(await run(cancelled, terminate)).toBe(0)
    const { events, exit } = readTraining(cancelled)
    // Asked while step 10 was drawn; two updates make a batch.
    expect(exit).toMatchObject({ state: 'cancelled', step: 11, code: null })
    expect(events.slice(-3)).toMatchObject([
      { type: 'step', step: 11 },
      { type: 'checkpoint', step: 11 },
      { type: 'cancelled', step: 11 },
    ])
    expect(await run(cancelled, () => ({}))).toBe(0)
    expect(readBytes(cancelled, STEPS)).toEqual(readBytes(calm, STEPS))
  })

  test('train() of a finished training only says so again', async () => {
    const before = readBytes(calm, STEPS)
    expect(await run(calm, () => ({ onRewards: () => ({ status: 401 }) }))).toBe(0)
    expect(readBytes(calm, STEPS)).toEqual(before)
  })

  test('train() that is attached ends when its standard input does', async () => {
    const orphan = write('orphan')
    const graders = await startTestGraders({ onRewards: () => 'hang' })
    open.push(graders)
    pointAt(graders.address, orphan)
    const runner = startRunner(python ?? '', 'train', [orphan], true)
    runner.process.stdin?.destroy()
    const [code] = (await once(runner.process, 'exit')) as [number]
    expect(code).toBe(70)
  })
})
