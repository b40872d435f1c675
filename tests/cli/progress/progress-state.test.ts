import { expect, it } from 'vitest'
import { advance, startState } from '../../../src/cli/progress/progress-state.ts'
import type { ProgressState } from '../../../src/cli/progress/progress-state.ts'
import { secondsLeft } from '../../../src/cli/progress/time-left.ts'
import type { RunEvent } from '../../../src/round/run-event.ts'
import { demoPlan } from '../demo-events.ts'

const started = advance(startState(0), { type: 'run-started', run: 'demo', directory: 'reports/demo', plan: demoPlan }, 0)

function after(steps: readonly (readonly [atSeconds: number, event: RunEvent])[]): ProgressState {
  return steps.reduce((state, [at, event]) => advance(state, event, at * 1000), started)
}

const phase = (arm: string, name: 'training' | 'checkpoint' | 'grading'): RunEvent => ({
  type: 'phase',
  round: '01-refill',
  arm,
  phase: name,
  label: name,
})
const progress = (arm: string, name: 'training' | 'checkpoint', done: number, total: number): RunEvent => ({
  type: 'progress',
  round: '01-refill',
  arm,
  phase: name,
  done,
  total,
  tokens: 0,
  tokensPerSecond: 5,
})
const finished = (arm: string): RunEvent => ({ type: 'round-finished', round: '01-refill', arm, role: 'candidate', verdict: null })

it('secondsLeft() knows nothing before a tenth of the first round is done', () => {
  expect(secondsLeft(started, 0)).toBeNull()
  expect(
    secondsLeft(
      after([
        [0, phase('sft', 'training')],
        [5, progress('sft', 'training', 5, 60)],
      ]),
      5000,
    ),
  ).toBeNull()
})

it('secondsLeft() extrapolates the first round over all rounds and arms', () => {
  // Half of the training is 0.3 of the round: 30 s gone, 100 s expected, 70 s left here and five rounds to come.
  const state = after([
    [0, phase('sft', 'training')],
    [30, progress('sft', 'training', 30, 60)],
  ])
  expect(secondsLeft(state, 30_000)).toBeCloseTo(70 + 5 * 100, 6)
})

it('secondsLeft() counts finished rounds at their measured time, per arm', () => {
  const state = after([
    [0, phase('sft', 'training')],
    [20, finished('sft')],
    [20, phase('raft', 'training')],
    [60, finished('raft')],
  ])
  // sft has one round left at 20 s, raft one at 40 s, the unmeasured third arm two at their mean.
  expect(secondsLeft(state, 60_000)).toBeCloseTo(20 + 40 + 2 * 30, 6)
})

it('secondsLeft() takes no measure from rounds that an interrupted run had finished', () => {
  const state = after([
    [0, phase('sft', 'training')],
    [0.01, finished('sft')],
  ])
  expect(secondsLeft(state, 10)).toBeNull()
})

it('advance() does not take a checkpoint in the middle of a training for its end', () => {
  const state = after([
    [0, phase('sft', 'training')],
    [10, progress('sft', 'training', 30, 60)],
    [11, phase('sft', 'checkpoint')],
    [12, progress('sft', 'checkpoint', 1, 2)],
  ])
  expect(state.part?.share).toBeCloseTo(0.3, 6)
})
