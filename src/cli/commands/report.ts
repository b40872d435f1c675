/**
 * @file `holdfast report <run>`: renders a run's report again from its directory alone.
 */
import { displayPath } from '../../base/display-path.ts'
import type { ExitCode } from '../exit-code.ts'
import { findRun } from '../find-run.ts'
import type { Terminal } from '../terminal.ts'

const UNCHECKED = 'files    not checked: this run was written by a version that kept no counts and hashes of them\n'

/** Writes report.html and report.json into the run directory and prints their paths. */
export async function reportCommand(run: string, flags: { readonly reports?: string }, terminal: Terminal): Promise<ExitCode> {
  const directory = findRun(run, flags.reports)
  const { renderReport } = await import('../../report/render-report.ts')
  const { htmlPath, jsonPath, check } = await renderReport(directory)
  terminal.out.write(`report   ${displayPath(htmlPath)}\nnumbers  ${displayPath(jsonPath)}\n${check === 'unchecked' ? UNCHECKED : ''}`)
  return 0
}
