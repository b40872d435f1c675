/**
 * @file Renders a run's report from its run directory alone: page, data, Markdown summary and JUnit file, each written whole.
 */
import { join } from 'node:path'
import { writeWholeFile } from '../base/whole-file.ts'
import type { RunCheck } from '../ledger/check-run.ts'
import { REPORT_FILES } from '../ledger/run-layout.ts'
import { buildDocument } from './document.ts'
import { junitXml } from './junit-xml.ts'
import { traceRun } from './lineage.ts'
import { markdownSummary } from './markdown-summary.ts'
import { readRecordedRun } from './recorded-run.ts'
import { renderPage } from './render-page.ts'
import { SECTIONS } from './section-list.ts'

/** Where a report was written. */
export interface WrittenReport {
  readonly htmlPath: string
  readonly jsonPath: string
  readonly markdownPath: string
  readonly junitPath: string
  /** Whether the run's files could be checked against what was written. */
  readonly check: RunCheck
}

/**
 * Writes report.html, report.json, report.md and report.junit.xml into the run directory; the same records give the same bytes.
 * @throws RunDirectoryError when there is no plan; RunDamagedError when a file is not what was written; LedgerCorruptError when a record cannot be read
 */
export async function renderReport(runDirectory: string): Promise<WrittenReport> {
  const run = traceRun(await readRecordedRun(runDirectory))
  const document = buildDocument(run)
  const embedded = SECTIONS.flatMap((section) => ('embedded' in section ? [section.embedded(run)] : []))
  const paths = {
    htmlPath: join(runDirectory, REPORT_FILES.html),
    jsonPath: join(runDirectory, REPORT_FILES.json),
    markdownPath: join(runDirectory, REPORT_FILES.markdown),
    junitPath: join(runDirectory, REPORT_FILES.junit),
    check: run.check,
  }
  writeWholeFile(paths.htmlPath, renderPage(document, embedded))
  writeWholeFile(paths.jsonPath, `${JSON.stringify(document, null, 2)}\n`)
  writeWholeFile(paths.markdownPath, markdownSummary(document))
  writeWholeFile(paths.junitPath, junitXml(document))
  return paths
}
