/**
 * @file Data that is drawn before a stage: no more of it than the steps need, and a part that is on disk is not drawn again when the runner is killed or
 * asked to end.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runnerProgressSchema, type RewardMessage } from '../../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../trainer-python.ts'
import { pointAt, prompts, readBytes, readTraining, stage, startRunner, Trainings, type TrainingPaths } from './runner-fixture.ts'
import { startTestGraders, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()
const PROMPTS = 60
const SAMPLES = 8
/** A part is 128 completions: 16 prompts, in two messages of 64. */
const PART = 128
const STEPS = 3
const BATCH = 8

describe.skipIf(python === null)('the runner, drawing its data', () => {
  const trainings = new Trainings()
  const open: TestGraders[] = []
  let calm: TrainingPaths
  let asked: readonly RewardMessage[]

  const write = (name: string, method = 'dpo'): TrainingPaths =>
    trainings.write(name, [stage(method, { steps: STEPS, batchSize: BATCH, from: 'samples', samplesPerPrompt: SAMPLES }, null)], {
      examples: prompts(PROMPTS),
      checkpointSteps: [STEPS],
    })

  /** Runs a training; at the message that has this number its runner gets a signal. Its exit code, and what the graders were asked. */
  const run = async (
    training: TrainingPaths,
    at = 0,
    signal: NodeJS.Signals = 'SIGKILL',
  ): Promise<[number | null, readonly RewardMessage[]]> => {
    let kill = (): void => {}
    const graders = await startTestGraders({ onRewards: (_, attempt) => (attempt === at ? kill() : undefined) })
    open.push(graders)
    pointAt(graders.address, training)
    const runner = startRunner(python ?? '', 'train', [training])
    kill = () => void runner.process.kill(signal)
    return [(await runner.ended).code, graders.asked]
  }
  const indices = (messages: readonly RewardMessage[]): number[] => messages.flatMap(({ items }) => items.map(({ index }) => index))

  beforeAll(async () => {
    calm = write('calm')
    asked = (await run(calm))[1]
  })
  afterAll(async () => {
    for (const graders of open) await graders.close()
    trainings.remove()
  })

  test('draws prompts until there is a pair for every step, and no more', () => {
    const { rollouts, exit } = readTraining(calm)
    expect(exit?.state).toBe('finished')
    const drawn = new Set(rollouts.map(({ caseId }) => caseId)).size
    const pairs = new Set(rollouts.filter(({ used }) => used).map(({ caseId }) => caseId)).size
    expect(rollouts).toHaveLength(drawn * SAMPLES)
    expect(pairs).toBeGreaterThanOrEqual(STEPS * BATCH)
    expect(drawn).toBeGreaterThanOrEqual(STEPS * BATCH)
    expect(drawn).toBeLessThan(PROMPTS)
    expect(indices(asked)).toEqual(Array.from({ length: drawn * SAMPLES }, (_, index) => index))
  })

  test('tells how many of the pairs there are, and nothing of steps', () => {
    const lines = readFileSync(join(calm.directory, 'progress.jsonl'), 'utf8').trim().split('\n')
    const drawing = lines.map((line) => runnerProgressSchema.parse(JSON.parse(line))).filter(({ phase }) => phase === 'sampling')
    expect(drawing.length).toBeGreaterThan(0)
    for (const { drawn } of drawing) expect(drawn).toMatchObject({ total: STEPS * BATCH })
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'goes on after %s with the part that is missing, and ends with equal bytes',
    async (signal) => {
      const training = write(`ended-${signal}`)
      const [code, before] = await run(training, 3, signal)
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null)
      expect(indices(before).length).toBeGreaterThan(PART)
      const [last, after] = await run(training)
      expect(last).toBe(0)
      // The first part was on disk; nothing of it is asked again.
      expect(Math.min(...indices(after))).toBeGreaterThanOrEqual(PART)
      expect(readBytes(training, STEPS)).toEqual(readBytes(calm, STEPS))
    },
  )

  test('draws the answers that kto labels of as few prompts', async () => {
    const training = write('labels', 'kto')
    expect((await run(training))[0]).toBe(0)
    const { rollouts } = readTraining(training)
    expect(rollouts.filter(({ used }) => used).length).toBeGreaterThanOrEqual(STEPS * BATCH)
    expect(rollouts.length).toBeLessThan(2 * STEPS * BATCH + SAMPLES)
  })
})
