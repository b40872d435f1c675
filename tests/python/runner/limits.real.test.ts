/**
 * @file Replayed cases of an earlier eval in the runner: how long their completions may be and from which reward on they pass is their own eval's business.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Rollout } from '../../../src/trainer/training-event.ts'
import { findTrainerPython } from '../trainer-python.ts'
import {
  pointAt,
  prompts,
  readBytes,
  readTraining,
  stage,
  startRunner,
  Trainings,
  type StageInput,
  type TrainingPaths,
} from './runner-fixture.ts'
import { startTestGraders, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()
const COUNT = 6
const SAMPLES = 4
const EARLIER = prompts(COUNT).map((one, index) => ({ ...one, eval: 'earlier', caseId: `earlier-${index}` }))
const EXAMPLES = [...prompts(COUNT), ...EARLIER]
/** Rewards are 0 to 1: from 0 on everything passes, from 2 on nothing does. */
const [EVERYTHING, NOTHING] = [0, 2]
const SHORT = 3

describe.skipIf(python === null)('the runner, with replayed cases', () => {
  const trainings = new Trainings()
  const written: TrainingPaths[] = []
  let graders: TestGraders

  const write = (name: string, one: StageInput, limits: { own?: number; earlier?: number; maxNewTokens?: number } = {}): TrainingPaths => {
    const { own = EVERYTHING, earlier = NOTHING, maxNewTokens = SHORT } = limits
    const replayed = { earlier: { maxNewTokens, passThreshold: earlier } }
    const training = trainings.write(name, [one], { examples: EXAMPLES, passThreshold: own, replayed, checkpointSteps: [2] })
    written.push(training)
    return training
  }

  const order = [0, COUNT, 1, COUNT + 1]
  const rollouts = { steps: 2, promptsPerStep: 2, samplesPerPrompt: SAMPLES }
  const raft = write(
    'raft',
    stage('raft', { steps: 2, batchSize: 4, epochs: 1, promptsPerEpoch: 2 * COUNT, samplesPerPrompt: SAMPLES }, null),
  )
  const grpo = write('grpo', stage('grpo', rollouts, order))
  const filtered = write('filtered', stage('grpo', { ...rollouts, instanceFilter: { samples: SAMPLES } }, order))
  const labels = stage('kto', { steps: 2, batchSize: 12, from: 'samples', samplesPerPrompt: SAMPLES }, null)
  const liked = write('liked', labels, { earlier: EVERYTHING })
  const disliked = write('disliked', labels, { own: NOTHING })
  const mixed = write('mixed', labels)

  beforeAll(async () => {
    graders = await startTestGraders()
    pointAt(graders.address, ...written)
    await startRunner(python ?? '', 'train', written).ended
  })
  afterAll(async () => {
    await graders.close()
    trainings.remove()
  })

  const drawnBy = (training: TrainingPaths): { own: Rollout[]; earlier: Rollout[] } => {
    const { rollouts: all, exit } = readTraining(training)
    expect(exit).toMatchObject({ state: 'finished' })
    return { own: all.filter((one) => one.eval === ''), earlier: all.filter((one) => one.eval === 'earlier') }
  }
  const longest = (drawn: readonly Rollout[]): number => Math.max(...drawn.map(({ tokenIds }) => tokenIds.length))

  test.each([
    ['raft', raft],
    ['grpo', grpo],
    ['an instance filter', filtered],
    ['kto', mixed],
  ] as const)('draws completions no longer than their own eval allows: %s', (_, training) => {
    const { own, earlier } = drawnBy(training)
    expect([own.length > 0, longest(earlier)]).toEqual([true, SHORT])
    expect(longest(own)).toBeGreaterThan(SHORT)
  })

  test('raft keeps what passes at the threshold of its own eval', () => {
    const { own, earlier } = drawnBy(raft)
    expect([own.some(({ used }) => used), earlier.some(({ used }) => used)]).toEqual([true, false])
  })

  test('an instance filter leaves out what no sample solves at the threshold of its own eval', () => {
    const { events } = readTraining(filtered)
    expect(events.filter(({ type }) => type === 'filtered')).toEqual([{ type: 'filtered', kept: 2, dropped: ['earlier-0', 'earlier-1'] }])
  })

  test('kto labels each answer at the threshold of its own eval', () => {
    const { rollouts: drawn } = readTraining(mixed)
    const learned = (training: TrainingPaths): string | undefined => readBytes(training, 2)['checkpoints/2/adapter_model.safetensors']
    // The same answers are liked, not liked, and the one by this eval and the other by that.
    for (const training of [liked, disliked]) expect(readTraining(training).rollouts).toEqual(drawn)
    expect(new Set([liked, disliked, mixed].map(learned)).size).toBe(3)
  })
})
