/**
 * @file A whole small run under vitest: the suite's own test says what the command line's exit code would, and nothing else fails. Then a plain
 * test run asserts on that run and trains nothing.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { evalReportSchema } from '../../src/vitest/report/report-schema.ts'

interface Assertion {
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[] | null
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const reports = mkdtempSync(join(tmpdir(), 'holdfast-vitest-'))
afterAll(() => rmSync(reports, { recursive: true, force: true }))

async function runVitest(...flags: readonly string[]): Promise<readonly Assertion[]> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'tests/e2e/tiny/vitest.config.ts',
    '--root',
    root,
    '--reporter',
    'json',
    ...flags,
  ]
  const env = { ...process.env, TINY_REPORTS: reports, HOLDFAST_TUNE: '', HOLDFAST_RUN: '' }
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (_, stdout) => resolve(stdout))
  })
  const report = JSON.parse(out.slice(out.indexOf('{'))) as {
    readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[]
  }
  return report.testResults.flatMap((file) => file.assertionResults)
}

const ALL_TESTS = [
  '01-colour / sft / colour (target)',
  '01-colour / sft / echo',
  '01-colour / grpo / colour (target)',
  '01-colour / grpo / echo',
  '01-colour / frozen (control) / colour (target)',
  '01-colour / frozen (control) / echo',
  'a candidate arm accepts every feature',
]

it('a suite under vitest shows every round, arm and eval, and only its own test fails, with what the command line would end 1 or 2 for', async () => {
  const tests = await runVitest('--project', 'suites')
  expect(tests.map((test) => test.title)).toEqual(ALL_TESTS)
  const runs = readdirSync(reports).filter((name) => name.startsWith('tiny-'))
  expect(runs).toHaveLength(1)
  const header = JSON.parse(readFileSync(join(reports, runs[0] as string, 'run.json'), 'utf8')) as {
    readonly exitCode: number
    readonly summary: string
  }
  expect(header.exitCode).toBe(2)
  const failed = tests.filter((test) => test.status === 'failed')
  expect(failed.map((test) => test.title)).toEqual(['a candidate arm accepts every feature'])
  expect(failed[0]?.failureMessages?.join('\n')).toContain(`SUITE_NOT_ACCEPTED  ${header.summary}\n`)
  const plain = await runVitest()
  expect(plain).toEqual(tests.map((test) => expect.objectContaining({ title: test.title, status: test.status })))
  expect(plain.at(-1)?.failureMessages?.join('\n')).toContain(`SUITE_NOT_ACCEPTED  ${header.summary}\n`)
  expect(readdirSync(reports).filter((name) => name.startsWith('tiny-'))).toEqual(runs)
  const report = evalReportSchema.parse(JSON.parse(readFileSync(join(reports, 'vitest', 'report.json'), 'utf8')))
  expect(report.suites).toEqual([expect.objectContaining({ suite: 'tiny', recorded: true, exitCode: 2, state: 'failed' })])
  expect(report.suites[0]?.verdicts).toHaveLength(ALL_TESTS.length - 1)
})
