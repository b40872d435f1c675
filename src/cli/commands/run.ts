/**
 * @file `holdfast run <suite>`: every arm tunes every feature, the gate judges each round, and the report is written.
 */
import type { ExitCode } from '../exit-code.ts'
import { reportOnly } from '../exit-code.ts'
import { loadSuite } from '../load-definition.ts'
import { showRun } from '../show-run.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `run`, as commander gives them. */
export interface RunFlags {
  readonly base?: string
  readonly arms?: readonly string[]
  readonly seed?: number
  readonly budget?: string
  /** True for the newest interrupted run of the suite, else its name or directory. */
  readonly resume?: boolean | string
  readonly reportOnly?: boolean
  readonly threads?: number
  readonly reports?: string
}

/** Runs a suite and answers with the exit code. */
export async function runCommand(suite: string, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const { definition, file } = await loadSuite(suite)
  const { runSuite } = await import('../../round/run-suite.ts')
  const { reportOnly: _, reports: directory, ...chosen } = flags
  const code = await showRun(terminal, `npx holdfast run ${suite}`, (onEvent) =>
    runSuite({ suite: definition, suiteFile: file, ...chosen, directory, onEvent, signal: terminal.signal }),
  )
  return flags.reportOnly === true ? reportOnly(code) : code
}
