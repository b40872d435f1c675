/**
 * @file A whole process that loads an eval of as many cases as its argument says, grades them and prints what it used, as JSON. With 0 it loads
 * the same modules and does nothing: the empty process that others are compared with.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gradeNull, loadNullEval } from './null-grading.ts'

/** What a process used. */
export interface ProcessUse {
  readonly cpuMs: number
  readonly wallMs: number
  readonly peakBytes: number
}

const count = Number(process.argv[2] ?? 0)
const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
try {
  const graded = count === 0 ? [] : await gradeNull(await loadNullEval(count), directory, true)
  if (graded.length !== count) throw new Error(`graded ${graded.length} of ${count}`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const use: ProcessUse = { cpuMs: (userCPUTime + systemCPUTime) / 1000, wallMs: performance.now(), peakBytes: maxRSS * 1024 }
process.stdout.write(`${JSON.stringify(use)}\n`)
