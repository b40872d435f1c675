/**
 * @file Shows a run while it works: redrawn in place on a terminal, plain lines elsewhere. Only this folder writes progress.
 */
import { createLogUpdate } from 'log-update'
import type { RunEvent } from '../../round/run-event.ts'
import { roundLine, warningText } from '../format-result.ts'
import type { TextStream } from '../terminal.ts'
import { liveLines, plainLine } from './format-progress.ts'
import { advance, startState } from './progress-state.ts'
import type { ProgressState } from './progress-state.ts'

/** Receives every event of a run. `finish` leaves the terminal clean; it may be called twice. */
export interface RunDisplay {
  onEvent(event: RunEvent): void
  /** Adds a line that stays. */
  note(line: string): void
  finish(): void
}

const REDRAW_MS = 200
const PLAIN_INTERVAL_MS = 10_000
/** How often plain output looks whether it has been quiet for too long, and for how long that is: together ten seconds. */
const LOOK_MS = 1000
const QUIET_MS = PLAIN_INTERVAL_MS - LOOK_MS

/** A live display when the stream is a terminal and `CI` is not set, else plain lines. */
export function createRunDisplay(stream: TextStream, environment: NodeJS.ProcessEnv = process.env): RunDisplay {
  const live = stream.isTTY === true && (environment['CI'] ?? '') === '' && environment['TERM'] !== 'dumb'
  return live ? liveDisplay(stream) : plainDisplay((line) => stream.write(`${line}\n`))
}

function liveDisplay(stream: TextStream): RunDisplay {
  const update = createLogUpdate(stream as NodeJS.WriteStream)
  let state = startState(Date.now())
  const draw = (): void => update(liveLines(state, Date.now(), (stream.columns ?? 80) - 1).join('\n'))
  const timer = setInterval(draw, REDRAW_MS)
  timer.unref()
  return {
    onEvent: (event) => {
      state = advance(state, event, Date.now())
      const line = permanentLine(event)
      if (line !== null) update.persist(line)
      if (event.type !== 'progress') draw()
    },
    note: (line) => update.persist(line),
    finish: () => {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

/** Plain lines: one for each change of phase, and one every ten seconds inside a long phase, whether anything happens in it or not. */
export function plainDisplay(write: (line: string) => void, now: () => number = Date.now): RunDisplay {
  let state = startState(now())
  let lastMs = Number.NEGATIVE_INFINITY
  let lastPhase = ''
  let quietSinceMs = now()
  const say = (line: string): void => {
    quietSinceMs = now()
    write(line)
  }
  const print = (): void => {
    lastMs = now()
    say(plainLine(state, now()))
  }
  const timer = setInterval(() => {
    if (now() - quietSinceMs >= QUIET_MS) print()
  }, LOOK_MS)
  timer.unref()
  return {
    onEvent: (event) => {
      state = advance(state, event, now())
      const line = permanentLine(event)
      if (line !== null) say(line)
      if (event.type !== 'phase' && event.type !== 'progress') return
      const moved = phaseKey(state) !== lastPhase
      lastPhase = phaseKey(state)
      if (moved || now() - lastMs >= PLAIN_INTERVAL_MS) print()
    },
    note: say,
    finish: () => clearInterval(timer),
  }
}

/** GRPO goes from sampling to training and back many times a minute: together they are one phase. */
function phaseKey(state: ProgressState): string {
  const phase = state.phase === 'sampling' ? 'training' : state.phase
  return JSON.stringify([state.round, state.arm, phase])
}

/** What stays on the screen: the start, warnings and verdicts. */
function permanentLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'run-started':
      return `run ${event.run} writes to ${event.directory}`
    case 'warning':
      return warningText(event)
    case 'round-finished':
      return roundLine(event)
    case 'phase':
    case 'progress':
    case 'run-finished':
      return null
  }
}
