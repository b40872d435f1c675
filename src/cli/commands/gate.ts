/**
 * @file `holdfast gate <suite>`: judges two models that Holdfast did not tune, with a round's verdict and report.
 */
import type { CacheMode } from '../../model/open-model.ts'
import type { ExitCode } from '../exit-code.ts'
import { loadSuite } from '../load-definition.ts'
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
}

/** Compares two models and answers with the exit code: ACCEPTED 0, BLOCKED 1, INCONCLUSIVE 2. */
export async function gateCommand(suite: string, flags: GateFlags, terminal: Terminal): Promise<ExitCode> {
  const { definition, file } = await loadSuite(suite)
  const { gateModels } = await import('../../round/gate-models.ts')
  const { reports: directory, ...chosen } = flags
  return showRun(terminal, null, (onEvent, signal) =>
    gateModels({ suite: definition, suiteFile: file, ...chosen, directory, onEvent, signal }),
  )
}
