/**
 * @file Failures that only a suite under vitest has.
 */
import { join } from 'node:path'
import { displayPath } from '../base/display-path.ts'
import { HoldfastError } from '../base/errors.ts'
import type { RunResult } from '../round/run-suite.ts'

/** The suite ran and no candidate arm accepted every feature: what the command line ends 1 or 2 for. */
export class SuiteNotAcceptedError extends HoldfastError {
  constructor(result: RunResult) {
    super({
      code: 'SUITE_NOT_ACCEPTED',
      summary: result.header.summary,
      where: displayPath(result.directory),
      fix: `read ${displayPath(join(result.directory, 'report.html'))}`,
    })
  }
}
