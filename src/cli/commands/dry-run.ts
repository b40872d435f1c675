/**
 * @file `holdfast run <suite> --dry-run [card]`: what a run would do and cost, by estimate. Trains nothing and writes nothing.
 */
import type { ExitCode } from '../exit-code.ts'
import { formatDryRun } from '../format-dry-run.ts'
import type { Loaded } from '../load-definition.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import type { Terminal } from '../terminal.ts'
import type { RunFlags } from './run.ts'

/** Prints the estimate. */
export async function dryRunCommand({ definition, file }: Loaded<SuiteDefinition>, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const { dryRunSuite } = await import('../../round/dry-run/dry-run-suite.ts')
  const { base, arms, seed, budget, trainer, host, python, dryRun } = flags
  const card = typeof dryRun === 'string' ? dryRun : null
  const estimate = await dryRunSuite({ suite: definition, suiteFile: file, base, arms, seed, budget, trainer, host, python }, card)
  terminal.out.write(`${formatDryRun(estimate)}\n`)
  return 0
}
