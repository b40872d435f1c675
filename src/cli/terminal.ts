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
  /** Aborts at the first interrupt. */
  readonly signal: AbortSignal
}

/** A terminal on this process's streams, aborted by SIGINT and SIGTERM; a second signal ends the process at once. */
export function processTerminal(): Terminal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort()
    process.stderr.write('\nstopping after the work in flight; press Ctrl+C again to stop at once (nothing that was written is lost)\n')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return { out: process.stdout, error: process.stderr, signal: controller.signal }
}

/** Exit code of a command that the user interrupted, as shells have it for SIGINT. */
export const INTERRUPTED = 130
