/**
 * @file A synthetic run in a temporary folder for one test, removed after it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { buildDocument } from '../../src/report/document.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { traceRun } from '../../src/report/lineage.ts'
import type { TracedRun } from '../../src/report/lineage.ts'
import { readRecordedRun } from '../../src/report/recorded-run.ts'
import { makeRecordedRun } from './make-recorded-run.ts'
import type { RecordedRunOptions } from './make-recorded-run.ts'

/** The run's directory. */
export function temporaryRun(options: RecordedRunOptions = {}): string {
  const directory = temporaryFolder()
  makeRecordedRun(directory, { gateCases: 24, ...options })
  return directory
}

/** A run's records with its lineages. */
export async function tracedRun(directory: string): Promise<TracedRun> {
  return traceRun(await readRecordedRun(directory))
}

/** The document of a run. */
export async function documentOf(directory: string): Promise<ReportDocument> {
  return buildDocument(await tracedRun(directory))
}

/** An empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-report-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Text that tries to leave its place in HTML, JSON, XML, Markdown and on screen. */
export const HOSTILE = `</script><img src=x onerror="window.ran=1"><!-- --> {{{evil}}} ]]> & "quote" \`tick\` |pipe| \u202Eevil\u202C \u0000\u001B[31m`
