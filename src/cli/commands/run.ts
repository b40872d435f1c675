/**
 * @file `holdfast run <suite>`: every arm tunes every feature, the gate judges each round, and the report is written. With `--dry-run [card]`: what that
 * would do and cost.
 */
import type { SuiteDefinition } from '../../suite/suite.ts'
import type { TrainerName } from '../../trainer/drivers.ts'
import type { ExitCode } from '../exit-code.ts'
import { reportOnly } from '../exit-code.ts'
import { formatDryRun } from '../format-dry-run.ts'
import { loadSuite } from '../load-definition.ts'
import type { Loaded } from '../load-definition.ts'
import { stillAlive } from '../progress/still-alive.ts'
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
  readonly device?: 'cpu' | 'webgpu'
  readonly trainer?: TrainerName
  readonly host?: string
  readonly python?: string
  /** Print what would be done, and what it would cost, instead of doing it; a text names a card that is not at hand. */
  readonly dryRun?: boolean | string
  readonly reports?: string
}

/** Runs a suite and answers with the exit code. */
export async function runCommand(suite: string, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const loaded = await loadSuite(suite)
  if (flags.dryRun !== undefined && flags.dryRun !== false)
    return stillAlive(terminal.out, 'estimating', () => dryRunCommand(loaded, flags, terminal))
  const { definition, file } = loaded
  const { runSuite } = await import('../../round/run-suite.ts')
  const { reportOnly: _, dryRun: __, reports: directory, ...chosen } = flags
  const code = await showRun(terminal, commandOf(suite, flags), (onEvent, signal) =>
    runSuite({ suite: definition, suiteFile: file, ...chosen, directory, onEvent, signal }),
  )
  return flags.reportOnly === true ? reportOnly(code) : code
}

/** Prints what a run would do and cost, by estimate. Trains nothing and writes nothing. */
async function dryRunCommand({ definition, file }: Loaded<SuiteDefinition>, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const { dryRunSuite } = await import('../../round/dry-run/dry-run-suite.ts')
  const { dryRun, resume: _, reportOnly: __, reports: ___, ...chosen } = flags
  const card = typeof dryRun === 'string' ? dryRun : null
  const estimate = await dryRunSuite({ suite: definition, suiteFile: file, ...chosen }, card)
  terminal.out.write(`${formatDryRun(estimate)}\n`)
  return 0
}

/** The command that the user typed, without what `--resume` will add: an interrupted run goes on only with the same settings. */
export function commandOf(suite: string, flags: RunFlags): string {
  const { base, arms, seed, budget, threads, device, trainer, host, python, reports } = flags
  const values = {
    base,
    arms: arms?.join(','),
    seed,
    budget,
    threads,
    device,
    trainer,
    host,
    python,
    reports: reports === 'reports' ? undefined : reports,
  }
  const written = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]))
  const plain = flags.reportOnly === true ? ['--report-only'] : []
  return ['npx holdfast run', suite, ...written, ...plain].join(' ')
}
