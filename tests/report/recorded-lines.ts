/**
 * @file The grades of a file of a run, for tests that count them by themselves.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function linesOf(...path: string[]): { caseId: string; pass: boolean | null }[] {
  return readFileSync(join(...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { caseId: string; pass: boolean | null })
}
