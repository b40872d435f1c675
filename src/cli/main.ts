/**
 * @file The command line: parses, runs, prints failures and answers with the exit code.
 */
import { setImmediate } from 'node:timers/promises'
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { isHoldfastError } from '../base/errors.ts'
import { UsageError } from './errors.ts'
import { COULD_NOT_RUN, OUTPUT_CLOSED } from './exit-code.ts'
import { failureText } from './failure-text.ts'
import { createProgram } from './program.ts'
import { INTERRUPTED, processTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs the command line with the arguments after `node holdfast`. */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  const code = await runCommandLine(args, terminal)
  // An output that nobody reads is told a moment after the last line was written.
  await setImmediate()
  return terminal.stoppedWith?.() === OUTPUT_CLOSED ? OUTPUT_CLOSED : code
}

/** The same on a given terminal: everything but the end of the process. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = 0
  const program = createProgram(terminal, (result) => {
    code = result
  })
  quietly(program, terminal)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    return printFailure(asUsageError(error, program, args), terminal)
  }
}

/** Commander throws instead of exiting, and its own error lines are left out: ours say the same in three lines. */
function quietly(command: Command, terminal: Terminal): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: (text) => terminal.out.write(text),
    writeErr: (text) => terminal.error.write(text),
    outputError: () => {},
  })
  for (const child of command.commands) quietly(child, terminal)
}

function asUsageError(error: unknown, program: Command, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error
  if (error.exitCode === 0) return null
  const named = program.commands.find((command) => command.name() === args[0])
  const where = named === undefined ? 'holdfast' : `holdfast ${named.name()}`
  return new UsageError({ summary: error.code === 'commander.help' ? 'A command is missing' : sentence(error.message), command: where })
}

/** Commander's "error: unknown option '--x'" (with a suggestion on a second line, perhaps) as one sentence. */
function sentence(message: string): string {
  const plain = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`.replace(/\.$/, '')
}

/** Prints what went wrong and gives the exit code; null is the end of `--help` and `--version`. */
function printFailure(error: unknown, terminal: Terminal): number {
  if (error === null) return 0
  const isInterrupt = isHoldfastError(error) && error.code === 'CLI_INTERRUPTED'
  const code = isInterrupt ? (terminal.stoppedWith?.() ?? INTERRUPTED) : COULD_NOT_RUN
  if (code !== OUTPUT_CLOSED) terminal.error.write(`${failureText(error)}\n`)
  return code
}
