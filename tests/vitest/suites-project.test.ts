import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

interface JsonReport {
  readonly success: boolean
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[] | null
    }[]
  }[]
}

const root = fileURLToPath(new URL('./project', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

/** Runs vitest on the project beside this file, in a process of its own. */
async function runVitest(...flags: readonly string[]): Promise<JsonReport> {
  const environment = { ...process.env, HOLDFAST_TUNE: '', VITEST: '', VITEST_WORKER_ID: '', VITEST_POOL_ID: '' }
  const args = [vitest, 'run', '--root', root, '--reporter', 'json', ...flags]
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env: environment, cwd: root }, (_, stdout) => resolve(stdout))
  })
  return JSON.parse(out.slice(out.indexOf('{'))) as JsonReport
}

const tests = (report: JsonReport): readonly string[] =>
  report.testResults.flatMap((file) => file.assertionResults.map((test) => `${test.status}: ${test.fullName}`))

it('suitesProject() tunes nothing in a plain run: each suite is one skipped test that says how', async () => {
  const report = await runVitest()
  expect(report.success).toBe(true)
  expect(tests(report)).toMatchInlineSnapshot(`
    [
      "skipped: no-base: not tuned in a plain run; name its project ("vitest run --project suites") or set HOLDFAST_TUNE=1",
    ]
  `)
})

it('suitesProject() shows rounds, arms and evals of a named project, and only the suite fails when it cannot run', async () => {
  const report = await runVitest('--project', 'suites')
  expect(tests(report)).toMatchInlineSnapshot(`
    [
      "skipped: no-base 01-yes-no / sft / yes-no (target)",
      "skipped: no-base 01-yes-no / sft / sums",
      "failed: no-base a candidate arm accepts every feature",
    ]
  `)
  const messages = report.testResults.flatMap((file) => file.assertionResults.flatMap((test) => test.failureMessages ?? []))
  expect(messages.join('\n')).toContain('no-such-model-directory')
})
