/**
 * @file Script: makes the committed example anew (`npm run make:example`): a real run of the clinic suite under its budget "example", rendered. Keeps what
 * a report is made of and leaves out adapters, rollouts, specs, dev grades, and the grades' token ids and log-probabilities.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWholeFile } from '../src/base/whole-file.ts'
import { headerDigest } from '../src/ledger/check-run.ts'
import { noteRun } from '../src/ledger/run-files.ts'
import { PLAN_FILE, RUN_FILE } from '../src/ledger/run-layout.ts'
import type { RunHeader } from '../src/ledger/run-records.ts'
import { renderReport } from '../src/report/render-report.ts'
import { runSuite } from '../src/round/run-suite.ts'
import clinic from '../suites/clinic.suite.ts'

const LEFT_OUT = /checkpoints|step-\d+|dev\.|curve\.|rollouts|spec\.json|lock|files\.jsonl/
/** Grades, and not what was asked. */
const GRADES = /grades\/(?!asked\/).*\.jsonl$/
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
  for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' })) if (GRADES.test(path)) dropTokens(join(target, path))
  noteWhatIsLeft(result.header)
  const { htmlPath } = await renderReport(target)
  process.stdout.write(`${result.header.summary}\n${htmlPath}\n`)
} finally {
  rmSync(working, { recursive: true, force: true })
}

/** As if the model had told none: most of a file of grades is token ids and log-probabilities. */
function dropTokens(path: string): void {
  const [header, ...lines] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly usual?: object; tokenIds?: unknown; logProbs?: unknown })
  const short = lines.map(({ tokenIds: _ids, logProbs: _logProbs, ...line }) => line)
  const all = [{ ...header, usual: { ...header?.usual, tokenIds: [], logProbs: null } }, ...short]
  writeWholeFile(path, all.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** The header of the smaller directory: with fewer files it would not be what was written. */
function noteWhatIsLeft({ digest: _, ...header }: RunHeader): void {
  const noted = { ...header, files: noteRun(target, [PLAN_FILE]) }
  writeWholeFile(join(target, RUN_FILE), `${JSON.stringify({ ...noted, digest: headerDigest(noted) }, null, 2)}\n`)
}
