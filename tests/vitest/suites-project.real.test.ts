import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordNoBaseRun } from './record-no-base-run.ts'
import { failureText, testLines, vitestJson } from './run-vitest.ts'
import type { JsonReport } from './run-vitest.ts'

const root = fileURLToPath(new URL('./project', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'holdfast-suites-'))
const [empty, reports] = [join(folder, 'empty'), join(folder, 'reports')]
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  mkdirSync(empty)
  await recordNoBaseRun(reports, { name: 'no-base-old', outcome: 'BLOCKED' })
  await recordNoBaseRun(reports, { name: 'no-base-new', outcome: 'INCONCLUSIVE' })
})

const run = (env: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<JsonReport> =>
  vitestJson({ root, flags, env: { PROJECT_REPORTS: reports, ...env } })

it('suitesProject() tunes nothing in a plain run: without a run to assert on a suite is one skipped test that says how to make one', async () => {
  const report = await run({ PROJECT_REPORTS: empty })
  expect(report.success).toBe(true)
  expect(testLines(report).map((line) => line.replace(empty, 'EMPTY'))).toMatchInlineSnapshot(`
    [
      "skipped: no-base: there is no finished run to assert on; make one: npx holdfast run suites/no-base.suite.ts --reports EMPTY, or npx vitest run --project suites",
    ]
  `)
})

it('suitesProject() shows rounds, arms and evals of a named project, and only the suite fails when it cannot run', async () => {
  const report = await run({}, '--project', 'suites')
  expect(testLines(report)).toMatchInlineSnapshot(`
    [
      "skipped: no-base 01-yes-no / sft / yes-no (target)",
      "skipped: no-base 01-yes-no / sft / sums",
      "failed: no-base a candidate arm accepts every feature",
    ]
  `)
  expect(failureText(report)).toContain('no-such-model-directory')
})

it('suitesProject() asserts in a plain run on the latest finished run: its verdicts as tests, its exit code as the result', async () => {
  const report = await run({})
  expect(testLines(report)).toMatchInlineSnapshot(`
    [
      "passed: no-base 01-yes-no / sft / yes-no (target)",
      "skipped: no-base 01-yes-no / sft / sums",
      "failed: no-base a candidate arm accepts every feature",
    ]
  `)
  expect(failureText(report)).toContain('SUITE_NOT_ACCEPTED  INCONCLUSIVE: as recorded')
  expect(failureText(report)).toContain('no-base-new')
})

it('suitesProject() asserts on the run that HOLDFAST_RUN names, also when the project is named', async () => {
  const report = await run({ HOLDFAST_RUN: 'no-base-old' }, '--project', 'suites')
  expect(failureText(report)).toContain('SUITE_NOT_ACCEPTED  BLOCKED: as recorded')
  const missing = await run({ HOLDFAST_RUN: 'no-such-run' })
  expect(failureText(missing)).toContain('NAMED_RUN_UNUSABLE  HOLDFAST_RUN names "no-such-run", which is no finished run')
})

it("suitesProject() passes an INCONCLUSIVE run where the suite says inconclusive: 'warn', which changes no hash", async () => {
  const report = await run({ PROJECT_CHANGE: 'inconclusive' })
  expect(testLines(report).at(-1)).toBe('passed: no-base a candidate arm accepts every feature')
})

it('suitesProject() fails when the latest run no longer fits its evals, and says which changed and how to run again', async () => {
  const report = await run({ PROJECT_CHANGE: 'graders' })
  const text = failureText(report)
  expect(text).toContain('SUITE_RUN_OUTDATED  The run no longer fits suite "no-base": the graders of eval "sums" changed')
  expect(text).toContain('run it again: npx holdfast run suites/no-base.suite.ts')
})

it('suitesProject() takes a run that the command line made: custom graders are compiled differently there', async () => {
  const natively = join(folder, 'natively')
  const script = fileURLToPath(new URL('./record-run-natively.ts', import.meta.url))
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, natively, 'no-base-native'])
  expect(testLines(await run({ PROJECT_REPORTS: natively })).at(-1)).toBe('passed: no-base a candidate arm accepts every feature')
  const changed = await run({ PROJECT_REPORTS: natively, PROJECT_CHANGE: 'graders' })
  expect(failureText(changed)).toContain('the graders of eval "sums" changed')
})
