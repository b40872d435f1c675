/**
 * @file Writes reports/example anew from synthetic records. Run: npx tsx tests/report/make-example-run.ts
 */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderReport } from '../../src/report/render-report.ts'
import { makeRecordedRun } from './make-recorded-run.ts'

const directory = fileURLToPath(new URL('../../reports/example', import.meta.url))
rmSync(directory, { recursive: true, force: true })
makeRecordedRun(directory, { gateCases: 60, features: 2, arms: ['sft', 'grpo'] })
const { htmlPath } = await renderReport(directory)
process.stdout.write(`${htmlPath}\n`)
