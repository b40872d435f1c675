/**
 * @file `holdfast gate <suite>`: judges two models that Holdfast did not tune, with a round's verdict and report.
 */
import { isHoldfastError } from '../../base/errors.ts'
import type { CacheMode } from '../../model/open-model.ts'
import type { RunEvent } from '../../round/run-event.ts'
import type { ExitCode } from '../exit-code.ts'
import { loadSuite } from '../load-definition.ts'
import { commandLine } from '../resume-command.ts'
import { showRun } from '../show-run.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `gate`, as commander gives them. */
export interface GateFlags {
  readonly parent: string
  readonly candidate: string
  readonly base?: string
  readonly target?: string
  readonly budget?: string
  readonly reports?: string
  readonly device?: 'cpu' | 'webgpu'
  readonly cache?: CacheMode
  /** True for the newest interrupted gate of the suite, else its name. */
  readonly resume?: boolean | string
}

/** Compares two models and answers with the exit code: ACCEPTED 0, BLOCKED 1, INCONCLUSIVE 2. */
export async function gateCommand(suite: string, flags: GateFlags, terminal: Terminal): Promise<ExitCode> {
  const { definition, file } = await loadSuite(suite)
  const { gateModels } = await import('../../round/gate-models.ts')
  const { reports: directory, ...chosen } = flags
  const command = gateCommandOf(suite, flags)
  let run: string | null = null
  try {
    return await showRun(terminal, command, (onEvent, signal) => {
      const watch = (event: RunEvent): void => {
        if (event.type === 'run-started') run = event.run
        onEvent(event)
      }
      return gateModels({ suite: definition, suiteFile: file, ...chosen, directory, onEvent: watch, signal })
    })
  } catch (error) {
    const isTold = isHoldfastError(error) && error.code === 'CLI_INTERRUPTED'
    if (run !== null && !isTold)
      terminal.error.write(`kept       every answer that came\ngo on with ${command} --resume ${run as string}\n`)
    throw error
  }
}

/** The command that the user typed, without what `--resume` will add. */
export function gateCommandOf(suite: string, { parent, candidate, base, target, budget, device, cache, reports }: GateFlags): string {
  const own = reports === 'reports' ? undefined : reports
  return commandLine(['gate', suite], { parent, candidate, base, target, budget, device, cache, reports: own })
}
