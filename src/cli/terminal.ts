/**
 * @file What commands need from the world outside: where to write, and how to learn that the user wants to stop.
 */
import { constants } from 'node:os'
import { errorCodeOf } from '../base/file-errors.ts'
import { OutputFailedError } from './errors.ts'
import { OUTPUT_CLOSED, STOP_SIGNALS } from './exit-code.ts'

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
  /** The exit code that an interrupt asks for; null while none came. */
  stoppedWith?(): number | null
}

/** Exit code of a command that the user interrupted, as shells have it for SIGINT. */
export const INTERRUPTED = 130

/** The signal that a terminal sends to every process of a command also comes from the guard: within this time both are one. */
const SAME_SIGNAL_MS = 250

/** What a stream says when nobody reads it any more. */
const NO_READER = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

/**
 * A terminal on this process's streams. SIGINT, SIGTERM and SIGHUP are interrupts, and so is an output that nobody reads any more; a second signal ends
 * the process at once.
 */
export function processTerminal(): Terminal {
  const stop = createStop()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => stop.onOutputError(error))
  return { out: process.stdout, error: process.stderr, interruptSignal: () => stop.listen(), stoppedWith: () => stop.code() }
}

interface Stop {
  listen(): AbortSignal
  code(): number | null
  onOutputError(error: Error): void
}

function createStop(): Stop {
  let controller: AbortController | null = null
  let code: number | null = null
  let lastMs = Number.NEGATIVE_INFINITY
  const onSignal = (name: NodeJS.Signals): void => {
    const isSame = performance.now() - lastMs < SAME_SIGNAL_MS
    lastMs = performance.now()
    if (isSame) return
    const own = 128 + constants.signals[name]
    if (code !== null) process.exit(own)
    code = own
    controller?.abort()
  }
  return {
    listen: () => {
      if (controller === null) for (const name of STOP_SIGNALS) process.on(name, () => onSignal(name))
      controller ??= new AbortController()
      return controller.signal
    },
    code: () => code,
    onOutputError: (error) => {
      if (!NO_READER.includes(errorCodeOf(error) ?? '')) throw new OutputFailedError({ reason: errorCodeOf(error) ?? error.message })
      if (controller === null) process.exit(OUTPUT_CLOSED)
      code ??= OUTPUT_CLOSED
      controller.abort()
    },
  }
}
