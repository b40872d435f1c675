/**
 * @file The process that works: runs the command line and ends with a code that the guard knows to be meant. Whatever nobody caught is told and ends
 * with 3; when the guard is gone, so is this.
 */
import { COULD_NOT_RUN, OUTPUT_CLOSED, SPOKEN } from './exit-code.ts'
import type { main as Main } from './main.ts'

/** How long the process may take to end by itself after the last line, for example while a worker thread closes. */
const LINGER_MS = 3000

const spoken = (code: number): number => (code <= COULD_NOT_RUN ? SPOKEN + code : code)

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
if (process.connected) {
  // A guard that was killed (SIGKILL) can pass nothing on: nobody is left who could stop this.
  process.on('disconnect', () => process.exit(OUTPUT_CLOSED))
  process.channel?.unref()
}

try {
  const { main }: { main: typeof Main } = await import('./main.ts')
  const code = spoken(await main(process.argv.slice(2)))
  process.exitCode = code
  setTimeout(() => process.exit(code), LINGER_MS).unref()
} catch (error) {
  fail(error)
}

/** A failure that no command caught. It is told with as little as possible: memory or file handles may be what is missing. */
function fail(error: unknown): void {
  process.exitCode = spoken(COULD_NOT_RUN)
  void tell(error)
}

async function tell(error: unknown): Promise<void> {
  const text = await textOf(error)
  process.stderr.write(`${text}\n`)
  process.exit(spoken(COULD_NOT_RUN))
}

async function textOf(error: unknown): Promise<string> {
  try {
    const { failureText } = await import('./failure-text.ts')
    return failureText(error)
  } catch {
    return `UNEXPECTED  Holdfast failed: ${String(error)}`
  }
}
