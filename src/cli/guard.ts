/**
 * @file Stands between the shell and the process that works, so that an exit code means what it says even where that process can say nothing: out of
 * memory (Node aborts), a crash in native code, killed by the system, or ended by a user's file that called `process.exit`. It passes signals on and
 * knows nothing of what is done. Costs one start of Node, about 40 ms.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { COULD_NOT_RUN, OUTPUT_CLOSED, SPOKEN, STOP_SIGNALS } from './exit-code.ts'
import { lostProcessText, notStartedText } from './lost-process.ts'
import type { Ended } from './lost-process.ts'

const WORK = fileURLToPath(import.meta.url).replace(/guard\.(\w+)$/, 'work.$1')

/** Runs the command line in a process of its own and answers with the exit code that the shell gets. */
export async function guard(args: readonly string[], program = WORK): Promise<number> {
  let child: ChildProcess
  try {
    child = fork(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  } catch (error) {
    return say(notStartedText(error))
  }
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const signal of STOP_SIGNALS) process.on(signal, forward)
  // Nobody may be left to read what is said below.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const ended = await new Promise<Ended>((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error }))
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  for (const signal of STOP_SIGNALS) process.off(signal, forward)
  if (ended.error !== undefined) return say(notStartedText(ended.error))
  return exitCodeOf(ended) ?? say(lostProcessText(ended))
}

/**
 * What the shell is told: a code that the command line itself chose, or the one of a signal that was meant for it; null where the process ended
 * without a word of its own.
 */
export function exitCodeOf({ code, signal }: Ended): number | null {
  if (signal !== null) return STOP_SIGNALS.includes(signal) ? 128 + constants.signals[signal] : null
  if (code === null) return null
  if (code === OUTPUT_CLOSED || STOP_SIGNALS.some((name) => code === 128 + constants.signals[name])) return code
  const said = code - SPOKEN
  return said >= 0 && said <= COULD_NOT_RUN ? said : null
}

function say(text: string): number {
  process.stderr.write(`${text}\n`)
  return COULD_NOT_RUN
}
