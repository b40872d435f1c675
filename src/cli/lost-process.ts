/**
 * @file What is said of a working process that could not say it itself.
 */
import { formatParts } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** How the working process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: Error
}

const SAVED = 'what was written is intact'

/** Three lines on a process that ended without a word: what ended it, as far as it can be told, and what to do. */
export function lostProcessText({ code, signal }: Pick<Ended, 'code' | 'signal'>): string {
  const [what, fix] = reasonOf(code, signal)
  return formatParts({
    code: 'PROCESS_LOST',
    summary: `${what}; ${SAVED}`,
    where: endText(code, signal),
    fix: `${fix}; go on with --resume`,
  })
}

/** Three lines on a process that could not be started. */
export function notStartedText(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return formatParts({
    code: 'PROCESS_NOT_STARTED',
    summary: `The process that does the work could not be started: ${quoteUntrusted(reason, 200)}`,
    where: process.execPath,
    fix: 'give more memory, processes or open files (ulimit -a shows the limits), then run the same command again',
  })
}

function endText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`
}

/** By what Node and the systems do: no heap and a failed check of its own abort, the system's memory killer kills. */
function reasonOf(code: number | null, signal: NodeJS.Signals | null): readonly [what: string, fix: string] {
  if (signal === 'SIGABRT' || code === 134)
    return ['Node gave up, most likely because its heap was full', 'give it more: NODE_OPTIONS=--max-old-space-size=8192']
  if (signal === 'SIGKILL')
    return ['The process was killed, most likely because the machine ran out of memory', 'free memory, or lower batch sizes']
  if (signal !== null) return ['The process crashed in native code', 'report this with the command that led here']
  if (code === 13) return ['The work stopped with something still awaited', 'report this with the command that led here']
  return [
    'Something ended the process from inside: Node itself (then its message stands above), or process.exit in an eval or grader',
    'give more memory or open files, or remove that call',
  ]
}
