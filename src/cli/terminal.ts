/**
 * @file What commands need from the world outside: where to write, and how to learn that the user wants to stop.
 */

/** A stream that text is written to; `isTTY` where it is a terminal. */
export interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Output and interruption of one command. */
export interface Terminal {
  readonly out: TextStream
  readonly error: TextStream
  /** From now on an interrupt aborts this signal instead of ending the process; only a command that stops by itself asks for it. */
  interruptSignal(): AbortSignal
}

/** Exit code of a command that the user interrupted, as shells have it for SIGINT. */
export const INTERRUPTED = 130

/** A terminal on this process's streams. SIGINT and SIGTERM are interrupts; a second one ends the process at once. */
export function processTerminal(): Terminal {
  return { out: process.stdout, error: process.stderr, interruptSignal }
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
