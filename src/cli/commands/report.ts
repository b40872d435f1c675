/**
 * @file `holdfast report <run>`: renders a run's report again from its directory alone.
 */
import { displayPath } from '../../base/display-path.ts'
import type { ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import type { Terminal } from '../terminal.ts'

/** Writes report.html and report.json into the run directory and prints their paths. */
export async function reportCommand(run: string, flags: { readonly reports?: string }, terminal: Terminal): Promise<ExitCode> {
  const directory = findRun(run, flags.reports)
  const { renderReport } = await import('../../report/render-report.ts')
  const { htmlPath, jsonPath } = await renderReport(directory)
  terminal.out.write(`report   ${displayPath(htmlPath)}\nnumbers  ${displayPath(jsonPath)}\n`)
  return 0
}
