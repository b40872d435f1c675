/**
 * @file A synthetic run in a temporary folder for one test, removed after it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeRecordedRun } from './make-recorded-run.ts'
import type { RecordedRunOptions } from './make-recorded-run.ts'

/** The run's directory. */
export function temporaryRun(options: RecordedRunOptions = {}): string {
  const directory = temporaryFolder()
  makeRecordedRun(directory, { gateCases: 24, ...options })
  return directory
}

/** An empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-report-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Text that tries to leave its place in HTML, JSON, XML, Markdown and on screen. */
export const HOSTILE = `</script><img src=x onerror="window.ran=1"><!-- --> {{{evil}}} ]]> & "quote" \`tick\` |pipe| \u202Eevil\u202C \u0000\u001B[31m`
