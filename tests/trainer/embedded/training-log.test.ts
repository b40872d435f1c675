import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openEarlierTraining, TrainingLog } from '../../../src/trainer/embedded/training-log.ts'
import type { Rollout, TrainingEvent } from '../../../src/trainer/training-event.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-training-log-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let count = 0
function newDirectory(): string {
  const directory = join(scratch, String(count++))
  mkdirSync(directory)
  return directory
}

const started: TrainingEvent = { type: 'started', schemaVersion: 1, examples: 4, parameters: 100 }
const stepEvent = (step: number): TrainingEvent => ({
  ...{ type: 'step', step, loss: 1 / step, gradientNorm: 1, learningRate: 0.1, trainedTokens: 5, caseIds: [], caseEvals: [] },
  ...{ meanReward: null, zeroVarianceShare: null, meanLength: null },
})
const checkpoint = (step: number): TrainingEvent => ({ type: 'checkpoint', step, adapter: `checkpoints/${step}`, hash: `h${step}` })
const rollout = (step: number): Rollout => ({
  ...{ step, eval: '', caseId: 'a', sample: 0, seed: 1, text: 'x', tokenIds: [1], reward: 1, advantage: null, used: true },
})

/** A training of three steps with a checkpoint after the second, written as the loop writes it. */
function interrupted(): string {
  const directory = newDirectory()
  const log = new TrainingLog(directory)
  for (const event of [started, stepEvent(1), stepEvent(2), checkpoint(2)]) log.event(event)
  log.rollouts([rollout(1), rollout(2)])
  log.flush()
  log.event(stepEvent(3))
  log.rollouts([rollout(3)])
  log.flush()
  return directory
}

test('openEarlierTraining() drops everything after the last checkpoint, on disk too', () => {
  const directory = interrupted()
  const earlier = openEarlierTraining(directory, [2, 4])
  expect(earlier).toEqual({
    ...{ events: [started, stepEvent(1), stepEvent(2), checkpoint(2)], rollouts: [rollout(1), rollout(2)] },
    ...{ step: 2, finished: false },
  })
  const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(earlier.events)
  expect(readFileSync(join(directory, 'rollouts.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2)
})

test('openEarlierTraining() starts over when the only checkpoint was not planned', () => {
  expect(openEarlierTraining(interrupted(), [4])).toEqual({ events: [], rollouts: [], step: 0, finished: false })
})

test('openEarlierTraining() passes over a line that a killed process left half-written', () => {
  const directory = interrupted()
  appendFileSync(join(directory, 'events.jsonl'), '{"type":"step","st')
  expect(openEarlierTraining(directory, [2]).step).toBe(2)
})

test('openEarlierTraining() keeps all of a finished training', () => {
  const directory = interrupted()
  const log = new TrainingLog(directory)
  for (const event of [checkpoint(3), { type: 'finished', steps: 3 } as const]) log.event(event)
  log.flush()
  const earlier = openEarlierTraining(directory, [3])
  expect([earlier.finished, earlier.step, earlier.events.length, earlier.rollouts.length]).toEqual([true, 3, 7, 3])
})

test('openEarlierTraining() finds nothing in a new directory', () => {
  expect(openEarlierTraining(newDirectory(), [2])).toEqual({ events: [], rollouts: [], step: 0, finished: false })
})
