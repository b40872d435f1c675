/**
 * @file Turns progress into lines of text without control codes: three for the live display, one for plain output.
 */
import type { ProgressState } from './progress-state.ts'
import { secondsLeft } from './time-left.ts'

const BAR_WIDTH = 24

/** The lines of the live display, each at most `width` characters. */
export function liveLines(state: ProgressState, nowMs: number, width: number): readonly string[] {
  const lines = [partOf(state), workOf(state, true), timeOf(state, nowMs)]
  return lines.map((line) => (line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line))
}

/** One line of plain output. */
export function plainLine(state: ProgressState, nowMs: number): string {
  return `[${duration((nowMs - state.startedMs) / 1000)}] ${partOf(state)}: ${workOf(state, false)}${leftOf(state, nowMs)}`
}

/** Seconds as 0:07, 12:34 or 1:02:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const tail = String(rest).padStart(2, '0')
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`
}

function partOf(state: ProgressState): string {
  const parts = [state.suite === '' ? 'holdfast' : state.suite]
  if (state.round !== null) parts.push(`round ${state.round}${counter(state.rounds, state.round)}`)
  if (state.arm !== null) parts.push(`arm ${state.arm}${counter(state.arms, state.arm)}`)
  return parts.join(' · ')
}

function counter(names: readonly string[], name: string): string {
  const position = names.indexOf(name)
  return position < 0 || names.length === 1 ? '' : ` (${position + 1} of ${names.length})`
}

function workOf(state: ProgressState, bar: boolean): string {
  const parts = [state.label]
  if (state.total > 0) {
    const share = Math.min(1, state.done / state.total)
    if (bar) parts.push('█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░'))
    parts.push(`${count(state.done)} of ${count(state.total)}`)
  }
  if (state.tokensPerSecond > 0) parts.push(`${count(state.tokensPerSecond)} tokens/s`)
  return parts.join('  ')
}

function timeOf(state: ProgressState, nowMs: number): string {
  return `${duration((nowMs - state.startedMs) / 1000)} elapsed${leftOf(state, nowMs)}`
}

function leftOf(state: ProgressState, nowMs: number): string {
  const seconds = secondsLeft(state, nowMs)
  return seconds === null ? '' : `, about ${duration(seconds)} left`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
