/**
 * @file Says on standard error what a long grading is doing, every nine seconds, and what it warns of: vitest itself is silent until a test ends.
 */
import type { RunEvent } from '../../round/run-event.ts'

/** Receives the events of an evaluation until it is told that it has ended. */
export interface SignOfLife {
  onEvent(event: RunEvent): void
  end(): void
}

/** Vitest has been silent for some seconds already when an eval begins. */
const FIRST_MS = 4000
const EVERY_MS = 9000

/** Begins at once, so that a model that is long in opening is seen too. */
export function signOfLife(evalName: string, write: (text: string) => void = (text) => process.stderr.write(text)): SignOfLife {
  const beganMs = performance.now()
  let state = 'opening the model'
  const say = (): void => {
    write(`${evalName}: ${state}, ${Math.round((performance.now() - beganMs) / 1000)} s\n`)
    wait(EVERY_MS)
  }
  let timer: NodeJS.Timeout
  const wait = (ms: number): void => {
    timer = setTimeout(say, ms)
    timer.unref()
  }
  wait(FIRST_MS)
  return {
    onEvent: (event) => {
      if (event.type === 'warning') write(`${evalName}: warning ${event.code}: ${event.message}\n`)
      if (event.type === 'phase') state = event.phase
      if (event.type === 'progress') state = `${event.phase} ${event.done} of ${event.total}`
    },
    end: () => clearTimeout(timer),
  }
}
