/**
 * @file Guesses how long a run still takes: from the rounds that are finished, else from the share of the first one.
 */
import type { ProgressState } from './progress-state.ts'

/** Rounds faster than this were read from an interrupted run, not run: they say nothing about the rest. */
const SHORTEST_SECONDS = 1

/** Below this share a guess from one round alone would be noise. */
const SMALLEST_SHARE = 0.1

/** Seconds until the last round is judged; null while nothing is known. */
export function secondsLeft(state: ProgressState, nowMs: number): number | null {
  const partCount = state.rounds.length * state.arms.length
  if (partCount === 0) return null
  const current = state.part
  const elapsed = current === null ? 0 : (nowMs - current.startedMs) / 1000
  const extrapolated = current !== null && current.share >= SMALLEST_SHARE ? elapsed / current.share : null
  const expected = (arm: string): number | null => meanSeconds(state, arm) ?? meanSeconds(state, null) ?? extrapolated

  let left = 0
  for (const arm of state.arms) {
    const perRound = expected(arm)
    if (perRound === null) return null
    const finished = state.finished.filter((part) => part.arm === arm).length
    const isCurrent = current?.arm === arm
    left += Math.max(0, state.rounds.length - finished - (isCurrent ? 1 : 0)) * perRound
    if (isCurrent) left += Math.max(0, (extrapolated ?? perRound) - elapsed)
  }
  return left
}

function meanSeconds(state: ProgressState, arm: string | null): number | null {
  const times = state.finished.filter((part) => part.seconds >= SHORTEST_SECONDS && (arm === null || part.arm === arm))
  if (times.length === 0) return null
  return times.reduce((sum, part) => sum + part.seconds, 0) / times.length
}
