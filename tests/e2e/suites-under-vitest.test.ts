/**
 * @file A whole small run under vitest: the suite's own test says what the command line's exit code would, and nothing else fails.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

interface Assertion {
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[] | null
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const reports = mkdtempSync(join(tmpdir(), 'holdfast-vitest-'))
afterAll(() => rmSync(reports, { recursive: true, force: true }))

async function runSuiteProject(): Promise<readonly Assertion[]> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'tests/e2e/tiny/vitest.config.ts',
    '--root',
    root,
    '--project',
    'suites',
    '--reporter',
    'json',
  ]
  const env = { ...process.env, TINY_REPORTS: reports }
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (_, stdout) => resolve(stdout))
  })
  const report = JSON.parse(out.slice(out.indexOf('{'))) as {
    readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[]
  }
  return report.testResults.flatMap((file) => file.assertionResults)
}

it('a suite under vitest shows every round, arm and eval, and only its own test fails, with what the command line would end 1 or 2 for', async () => {
  const tests = await runSuiteProject()
  expect(tests.map((test) => test.title)).toEqual([
    '01-colour / sft / colour (target)',
    '01-colour / sft / echo',
    '01-colour / grpo / colour (target)',
    '01-colour / grpo / echo',
    '01-colour / frozen (control) / colour (target)',
    '01-colour / frozen (control) / echo',
    'a candidate arm accepts every feature',
  ])
  const [run = 'none'] = readdirSync(reports)
  const header = JSON.parse(readFileSync(join(reports, run, 'run.json'), 'utf8')) as { readonly exitCode: number; readonly summary: string }
  expect(header.exitCode).toBe(2)
  const failed = tests.filter((test) => test.status === 'failed')
  expect(failed.map((test) => test.title)).toEqual(['a candidate arm accepts every feature'])
  expect(failed[0]?.failureMessages?.join('\n')).toContain(`SUITE_NOT_ACCEPTED  ${header.summary}\n`)
})
