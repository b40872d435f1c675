/**
 * @file Script: makes the committed example anew (`npm run make:example`): a real run of the clinic suite under its budget "example", rendered. Keeps what
 * a report is made of and leaves out adapters, rollouts, specs and dev grades.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderReport } from '../src/report/render-report.ts'
import { runSuite } from '../src/round/run-suite.ts'
import clinic from '../suites/clinic.suite.ts'

const LEFT_OUT = /checkpoints|step-\d+|dev\.|curve\.|rollouts|spec\.json|lock/
const target = fileURLToPath(new URL('../reports/example', import.meta.url))
const working = mkdtempSync(join(tmpdir(), 'holdfast-example-'))

try {
  const result = await runSuite({
    suite: clinic,
    suiteFile: fileURLToPath(new URL('../suites/clinic.suite.ts', import.meta.url)),
    budget: 'example',
    directory: working,
    runName: 'example',
    onEvent: (event) => {
      if (event.type === 'phase') process.stdout.write(`${event.round ?? ''} ${event.arm ?? ''} ${event.label}\n`)
      if (event.type === 'round-finished')
        process.stdout.write(`  ${event.verdict?.verdict ?? 'LOST'} ${event.verdict?.reasons[0] ?? event.lost ?? ''}\n`)
    },
  })
  rmSync(target, { recursive: true, force: true })
  cpSync(result.directory, target, { recursive: true, filter: (path) => !LEFT_OUT.test(path.slice(result.directory.length)) })
  const { htmlPath } = await renderReport(target)
  process.stdout.write(`${result.header.summary}\n${htmlPath}\n`)
} finally {
  rmSync(working, { recursive: true, force: true })
}
