/**
 * @file What can go wrong when a report is rendered: the directory is not a run. (Records that cannot be read are the ledger's errors.)
 */
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { PLAN_FILE } from '../ledger/run-layout.ts'

/** The directory holds no plan, so it is not a run. */
export class RunDirectoryError extends defineError('REPORT_NO_RUN', ({ directory }: { directory: string }) => ({
  summary: `The directory is not a run: it has no ${PLAN_FILE}`,
  where: displayPath(directory),
  fix: 'name a directory under reports/ that a run wrote',
})) {}
