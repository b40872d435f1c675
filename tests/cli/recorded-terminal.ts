/**
 * @file A terminal that remembers what was written, for running the command line inside a test.
 */
import { runCommandLine } from '../../src/cli/main.ts'

/** What a command printed and ended with. */
export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** Runs the command line in this process, in this working directory. */
export async function runHere(...args: readonly string[]): Promise<CommandResult> {
  const written = { out: '', error: '' }
  const code = await runCommandLine(args, {
    out: { write: (text) => (written.out += text) },
    error: { write: (text) => (written.error += text) },
    interruptSignal: () => new AbortController().signal,
  })
  return { code, ...written }
}
