/**
 * @file What a display knows of a run in progress: a pure fold over run events. Knows no terminal and reads no clock.
 */
import type { RunEvent, RunPhase } from '../../round/run-event.ts'

/** How long one round of one arm took. */
export interface FinishedPart {
  readonly arm: string
  readonly seconds: number
}

/** One round of one arm that is under way. */
export interface PartInProgress {
  readonly round: string
  readonly arm: string
  readonly startedMs: number
  /** Share of the part's work that is done, guessed from its phase; never falls. */
  readonly share: number
}

export interface ProgressState {
  readonly startedMs: number
  readonly suite: string
  readonly rounds: readonly string[]
  readonly arms: readonly string[]
  readonly round: string | null
  readonly arm: string | null
  readonly phase: RunPhase
  readonly label: string
  readonly done: number
  readonly total: number
  readonly tokensPerSecond: number
  readonly part: PartInProgress | null
  readonly finished: readonly FinishedPart[]
}

/** The state before the first event. */
export function startState(nowMs: number): ProgressState {
  return {
    startedMs: nowMs,
    suite: '',
    rounds: [],
    arms: [],
    round: null,
    arm: null,
    phase: 'loading',
    label: 'loading',
    done: 0,
    total: 0,
    tokensPerSecond: 0,
    part: null,
    finished: [],
  }
}

/** The state after `event`, which happened at `nowMs`. */
export function advance(state: ProgressState, event: RunEvent, nowMs: number): ProgressState {
  switch (event.type) {
    case 'run-started':
      return {
        ...state,
        suite: event.plan.suite.name,
        rounds: event.plan.rounds.map((round) => round.name),
        arms: event.plan.arms.map((arm) => arm.name),
      }
    case 'phase':
      return moveTo(state, { ...event, done: 0, total: 0, tokensPerSecond: 0 }, nowMs)
    case 'progress':
      return moveTo(state, { ...event, label: event.phase === state.phase ? state.label : event.phase }, nowMs)
    case 'round-finished':
      return finishPart(state, event, nowMs)
    case 'warning':
    case 'run-finished':
      return state
  }
}

type Position = Pick<ProgressState, 'round' | 'arm' | 'phase' | 'label' | 'done' | 'total' | 'tokensPerSecond'>

function moveTo(state: ProgressState, position: Position, nowMs: number): ProgressState {
  const { round, arm, phase, label, done, total, tokensPerSecond } = position
  const moved = { ...state, round, arm, phase, label, done, total, tokensPerSecond }
  if (round === null || arm === null) return moved
  const same = state.part?.round === round && state.part.arm === arm ? state.part : null
  const share = Math.max(same?.share ?? 0, workShare(moved, same?.share ?? 0))
  return { ...moved, part: { round, arm, startedMs: same?.startedMs ?? nowMs, share } }
}

/** Share of a part's work that lies before and in each phase; only a first guess, replaced by measured times after the first round. */
const PHASE_SPANS: Readonly<Record<RunPhase, readonly [from: number, to: number]>> = {
  loading: [0, 0],
  sampling: [0, 0.6],
  training: [0, 0.6],
  checkpoint: [0.6, 0.75],
  grading: [0.75, 0.97],
  judging: [0.97, 1],
  reporting: [1, 1],
}

function workShare(position: Position, before: number): number {
  const [from, to] = PHASE_SPANS[position.phase]
  // A checkpoint graded in the middle of a training says nothing about how far the training is.
  if (position.phase === 'checkpoint' && before < from - 0.05) return before
  return from + (position.total > 0 ? ((to - from) * position.done) / position.total : 0)
}

function finishPart(state: ProgressState, event: { readonly round: string; readonly arm: string }, nowMs: number): ProgressState {
  const own = state.part?.round === event.round && state.part.arm === event.arm ? state.part : null
  const seconds = own === null ? 0 : (nowMs - own.startedMs) / 1000
  return { ...state, part: null, finished: [...state.finished, { arm: event.arm, seconds }] }
}
