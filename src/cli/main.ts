/**
 * @file The entry of the command line: parses, runs, prints failures and answers with the exit code. The only place that turns errors into text.
 */
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { isHoldfastError } from '../base/errors.ts'
import { UsageError } from './errors.ts'
import { COULD_NOT_RUN } from './exit-code.ts'
import { createProgram } from './program.ts'
import { INTERRUPTED, processTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** How long the process may take to end by itself after the last line, for example while a worker thread closes. */
const LINGER_MS = 3000

/** Runs the command line with the arguments after `node holdfast`. */
export async function main(args: readonly string[]): Promise<number> {
  const code = await runCommandLine(args, processTerminal())
  setTimeout(() => process.exit(code), LINGER_MS).unref()
  return code
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
  return new UsageError(error.code === 'commander.help' ? 'A command is missing' : sentence(error.message), where)
}

/** Commander's "error: unknown option '--x'" (with a suggestion on a second line, perhaps) as one sentence. */
function sentence(message: string): string {
  const plain = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`.replace(/\.$/, '')
}

/** Prints what went wrong and gives the exit code; null is the end of `--help` and `--version`. */
function printFailure(error: unknown, terminal: Terminal): number {
  if (error === null) return 0
  if (isHoldfastError(error)) {
    terminal.error.write(`${error.message}\n`)
    return error.code === 'CLI_INTERRUPTED' ? INTERRUPTED : COULD_NOT_RUN
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
  terminal.error.write(`UNEXPECTED  Holdfast failed in a way it does not know; please report this\n${text}\n`)
  return COULD_NOT_RUN
}
