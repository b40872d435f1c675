/**
 * @file The runner before graders that fail, hang, lie, move, or end the training.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunnerSpec } from '../../../src/trainer/trl/protocol.ts'
import { findTrainerPython } from '../trainer-python.ts'
import { pointAt, prompts, readBytes, readTraining, stage, startRunner, Trainings, type TrainingPaths } from './runner-fixture.ts'
import { evenShare, startTestGraders, type Behaviour, type Instead, type TestGraders } from './test-graders.ts'

const python = await findTrainerPython()
const GRPO = stage('grpo', { promptsPerStep: 2, samplesPerPrompt: 4, steps: 3 }, [0, 1, 2, 3, 4, 0])
const LARGE = stage('grpo', { promptsPerStep: 5, samplesPerPrompt: 30, steps: 1 }, [0, 1, 2, 3, 4])
const IMPATIENT = { rewards: { errorShare: 0.1, errorMinimum: 50, patienceMs: 1500 } }
const WATCHED = { watched: [{ eval: '', caseId: 'dev', promptIds: [1, 4] }], checkpointSteps: [1, 2, 3] }

/** Whatever goes wrong first in a step, the right answer follows. */
const failures = (): NonNullable<Behaviour['onRewards']> => {
  const tries = new Map<number, number>()
  return (message) => {
    const attempt = (tries.get(message.step) ?? 0) + 1
    tries.set(message.step, attempt)
    const shifted = message.items.map(({ index }) => ({ index: index + 1, reward: 1, error: null }))
    const words = message.items.map(({ index }) => ({ index, reward: 'high', error: null }))
    const wrong: readonly (readonly Instead[])[] = [
      [{ status: 500 }, { status: 503, headers: { 'retry-after': '0' } }, 'drop'],
      [
        { status: 200, body: 'no json' },
        { status: 200, body: { rewards: [] } },
      ],
      [
        { status: 200, body: { rewards: shifted } },
        { status: 200, body: { rewards: words } },
      ],
    ]
    return wrong[message.step - 1]?.[attempt - 1]
  }
}

describe.skipIf(python === null)('the runner before its graders', () => {
  const trainings = new Trainings()
  const graders = new Map<string, TestGraders>()
  const written = new Map<string, TrainingPaths>()

  const write = async (name: string, behaviour: Behaviour, changes: Partial<RunnerSpec> = {}, method = GRPO): Promise<TrainingPaths> => {
    const server = await startTestGraders(behaviour)
    const training = trainings.write(name, [method], changes)
    graders.set(name, server)
    written.set(name, training)
    pointAt(server.address, training)
    return training
  }
  const left = (name: string): ReturnType<typeof readTraining> => readTraining(written.get(name) as TrainingPaths)

  beforeAll(async () => {
    await write('calm', {})
    await write('failing', { onRewards: failures() })
    await write('partial', { reward: (item, { step }) => (step === 2 && item.index === 1 ? null : evenShare(item)) })
    await write('hanging', { onRewards: ({ step }) => (step === 2 ? 'hang' : undefined) }, IMPATIENT)
    await write('refusing', { onRewards: () => ({ status: 403, body: { error: 'case-1 \u0007is no train case' } }) })
    const other = await startTestGraders()
    graders.set('other', other)
    const moving = await write('moving', {
      onRewards: ({ step }) => {
        if (step < 2) return undefined
        pointAt(other.address, moving)
        return 'hang'
      },
    })
    await write('stopped', { onWatch: ({ step }) => ({ stop: step === 2, reason: 'the dev cases fell' }) }, WATCHED)
    await write(
      'unwatched',
      { onWatch: ({ step }) => (step === 1 ? ('' as never) : { stop: false, reason: '' }) },
      { ...WATCHED, ...IMPATIENT },
    )
    await write('large', {}, { examples: prompts(5), maxNewTokens: 3 }, LARGE)
    await startRunner(python ?? '', 'train', [...written.values()]).ended
  })
  afterAll(async () => {
    for (const server of graders.values()) await server.close()
    trainings.remove()
  })

  test('rewards() asks again after failures and wrong answers, and the training is the same', () => {
    expect(graders.get('failing')?.asked).toHaveLength(7 + 3)
    expect(readBytes(written.get('failing') as TrainingPaths, 3)).toEqual(readBytes(written.get('calm') as TrainingPaths, 3))
  })

  test('a completion that was not graded has no reward, no advantage, and no part in its group’s mean', () => {
    const { steps, rollouts, exit } = left('partial')
    expect(exit?.state).toBe('finished')
    const group = rollouts.filter(({ step }) => step === 2).slice(0, 4)
    expect(group[1]).toMatchObject({ reward: null, advantage: 0, used: false })
    const rewards = group.flatMap(({ reward }) => reward ?? [])
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / 3
    const deviation = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / 2)
    const expected = rewards.map((reward) => (reward - mean) / (deviation + 1e-4))
    for (const [index, one] of group.filter(({ reward }) => reward !== null).entries())
      expect(one.advantage).toBeCloseTo(expected[index] ?? Number.NaN, 4)
    expect(steps[1]?.caseIds).toHaveLength(7)
  })

  test('a grader that hangs gives no reward once patience is at an end', () => {
    expect(left('hanging').exit).toMatchObject({ state: 'failed', step: 1, code: 'REWARDS_MISSING' })
  })

  test('a refusal ends the training at once, with what the server said made safe', () => {
    expect(graders.get('refusing')?.asked).toHaveLength(1)
    expect(left('refusing').exit).toEqual({
      ...{ schemaVersion: 1, state: 'failed', step: 0, code: 'GRADER_REFUSED' },
      summary: `the grader server refused a message with status 403: '{"error":"case-1 \\\\u0007is no train case"}'`,
      fix: "check that grader.json names this run's grader server and that both sides are of the same version",
    })
  })

  test('rewards() leaves an address that hangs as soon as another one is named', () => {
    expect(graders.get('moving')?.asked.map(({ step }) => step)).toEqual([1, 2])
    expect(graders.get('other')?.asked.map(({ step }) => step)).toEqual([2, 3])
    expect(readBytes(written.get('moving') as TrainingPaths, 3)).toEqual(readBytes(written.get('calm') as TrainingPaths, 3))
  })

  test('a watch that says stop ends the training before its checkpoint', () => {
    const { events, exit } = left('stopped')
    expect(exit).toEqual({ schemaVersion: 1, state: 'stopped', step: 2, code: null, summary: 'the dev cases fell', fix: '' })
    expect(events.at(-1)).toEqual({ type: 'stopped', step: 2, reason: 'the dev cases fell' })
    expect(events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []))).toEqual([1])
    expect(existsSync(join(written.get('stopped')?.directory ?? '', 'checkpoints', '1'))).toBe(true)
  })

  test('a watch that nobody answers ends the training', () => {
    expect(left('unwatched').exit).toMatchObject({
      state: 'failed',
      code: 'WATCH_UNREACHABLE',
      fix: 'start the run again: it goes on from its last checkpoint',
    })
    expect(left('unwatched').exit?.summary).toMatch(/^nobody answered the watch at step 1: ValidationError/u)
  })

  test('rewards() asks for at most 64 completions at a time, in the order of their indices', () => {
    const asked = graders.get('large')?.asked ?? []
    expect(asked.map(({ items }) => items.length)).toEqual([64, 64, 22])
    expect(asked.flatMap(({ items }) => items.map(({ index }) => index))).toEqual(Array.from({ length: 150 }, (_, index) => index))
    expect(asked.every(({ step, rank }) => step === 1 && rank === 0)).toBe(true)
  })
})
