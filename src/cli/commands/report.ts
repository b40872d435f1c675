/**
 * @file `holdfast report <run>`: renders a run's report again from its directory alone.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { PLAN_FILE } from '../../ledger/run-layout.ts'
import { RunNotFoundError } from '../errors.ts'
import type { ExitCode } from '../exit-code.ts'
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

/** The absolute path of a run, given as a directory or as a name under `reports`. */
function findRun(given: string, reports = 'reports'): string {
  const tried = [resolve(given), resolve(reports, given)]
  const found = tried.find((directory) => existsSync(join(directory, PLAN_FILE)))
  if (found === undefined) throw new RunNotFoundError({ given, tried })
  return found
}
