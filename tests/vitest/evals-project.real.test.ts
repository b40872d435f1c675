import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { evalReportSchema, mergeEvalReports } from '../../src/vitest/report/report-schema.ts'
import type { EvalReport } from '../../src/vitest/report/report-schema.ts'
import { failureText, testLines, vitestJson, vitestOutput } from './run-vitest.ts'

const root = fileURLToPath(new URL('./evals-project', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'holdfast-evals-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const environment = (name: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  EVALS_PROJECT_REPORTS: join(folder, name),
  EVALS_PROJECT_MODEL: './model.ts',
  ...more,
})

const reportIn = (name: string, file = 'report.json'): EvalReport =>
  evalReportSchema.parse(JSON.parse(readFileSync(join(folder, name, file), 'utf8')))

it('evalsProject() runs one test per eval beside the tests of the user, and one per case where the eval says so', async () => {
  const report = await vitestJson({ root, env: environment('plain') })
  expect(testLines(report).toSorted()).toMatchInlineSnapshot(`
    [
      "failed: each no",
      "passed: a test of the user",
      "passed: each all cases",
      "passed: each yes",
      "passed: opening: at least 75.0 % pass",
    ]
  `)
  expect(failureText(report)).toContain('CASE_FAILED  Eval "each", case "no"  gave "mumbled", expected "no"')
  expect(failureText(report)).not.toContain('EVAL_BELOW_MIN_PASS')
})

it('evalsProject() lets minPass decide over a per-case eval: single cases are shown, never failed', async () => {
  const report = await vitestJson({ root, env: environment('each-min', { EVALS_PROJECT_EACH_MIN: '0.5' }), flags: ['each'] })
  expect(testLines(report)).toEqual(['passed: each yes', 'skipped: each no', 'passed: each at least 50.0 % pass'])
  const strict = await vitestJson({ root, env: environment('each-min', { EVALS_PROJECT_EACH_MIN: '0.6' }), flags: ['each'] })
  expect(testLines(strict)).toEqual(['passed: each yes', 'skipped: each no', 'failed: each at least 60.0 % pass'])
})

it('evalsProject() names the lost cases with their outputs when fewer than minPass pass, against the run that passed', async () => {
  const name = 'losing'
  await vitestJson({ root, env: environment(name), flags: ['opening'] })
  const worse = await vitestJson({ root, env: environment(name, { EVALS_PROJECT_FORGET: 'open' }), flags: ['opening'] })
  const lines = failureText(worse)
    .replaceAll(folder, 'FOLDER')
    .replace(/opening-[\w-]+\.jsonl/g, 'GRADES')
    .split('\n')
  expect(lines.slice(0, 7).join('\n')).toMatchInlineSnapshot(`
    "EvalBelowMinPassError: EVAL_BELOW_MIN_PASS  Eval "opening": 1 of 4 passed, 25.0 % (95 % interval 4.6 % to 69.9 %), minPass is 75.0 %
      where  evals/opening.eval.ts
             lost since FOLDER/losing/evals/GRADES ("./model.ts")
             lost    "mon"  gave "mumbled"
             lost    "tue"  gave "mumbled"
             failed  "sat"  gave "mumbled"
      fix    look at the grades in FOLDER/losing/evals/GRADES"
  `)
  // A failing run does not become the standard: what was lost stays lost until it is back.
  const again = await vitestJson({ root, env: environment(name, { EVALS_PROJECT_FORGET: 'open' }), flags: ['opening'] })
  expect(failureText(again)).toContain('lost    "mon"  gave "mumbled"')
  expect(reportIn(name).evals.map(({ lost, lostCount, state }) => ({ lost, lostCount, state }))).toEqual([
    {
      lost: [
        { caseId: 'mon', output: 'mumbled' },
        { caseId: 'tue', output: 'mumbled' },
      ],
      lostCount: 2,
      state: 'failed',
    },
  ])
  const { code, data } = reportIn(name).evals[0]?.failure ?? {}
  expect(code).toBe('EVAL_BELOW_MIN_PASS')
  expect(data).toMatchObject({ passed: 1, minPass: 0.75, lost: { model: './model.ts', cases: { count: 2 } }, failed: { count: 1 } })
})

it('evalsProject() fails an eval of which too many cases could not be graded, whatever passed', async () => {
  const report = await vitestJson({ root, env: environment('ungraded', { EVALS_PROJECT_BREAK: '1' }), flags: ['opening'] })
  expect(failureText(report)).toContain('EVAL_UNGRADED  Eval "opening": 4 of 4 could not be graded, more than the 2.0 % that may be')
  expect(failureText(report)).toContain('error   "mon"  gave "open"  GRADER_THREW: "grader \\"broken\\" threw \\"on purpose\\""')
})

it('evalsProject() runs nothing without a model, and says how to name one', async () => {
  const report = await vitestJson({ root, env: { EVALS_PROJECT_REPORTS: join(folder, 'none') } })
  expect(report.success).toBe(true)
  expect(testLines(report).filter((line) => line.startsWith('skipped'))).toEqual([
    'skipped: each: no model is named; write evalsProject({ model: … }) in the vitest configuration, or set HOLDFAST_MODEL',
    'skipped: opening: no model is named; write evalsProject({ model: … }) in the vitest configuration, or set HOLDFAST_MODEL',
  ])
  expect(existsSync(join(folder, 'none'))).toBe(false)
})

it("evalsProject() with when: 'named' runs evals only when asked for by project or environment", async () => {
  const named = { EVALS_PROJECT_WHEN: 'named' }
  const plain = await vitestJson({ root, env: environment('named', named), flags: ['opening'] })
  expect(testLines(plain)).toEqual([
    'skipped: opening: not run unless asked for; name its project ("vitest run --project evals") or set HOLDFAST_EVALS=1',
  ])
  const asked = await vitestJson({ root, env: environment('named', named), flags: ['opening', '--project', 'evals'] })
  expect(testLines(asked)).toEqual(['passed: opening: at least 75.0 % pass'])
})

it('HoldfastReporter stands beside the reporters of the user: own, junit with scores, and GitHub lines without doubling', async () => {
  const flags = ['--reporter', './own-reporter.ts', '--reporter', 'junit', '--outputFile.junit', join(folder, 'junit.xml')]
  const output = await vitestOutput({ root, env: environment('beside', { GITHUB_ACTIONS: 'true' }), flags })
  expect(output).toContain('own reporter: 5 tests')
  expect(output.match(/^::error .*$/gm)).toEqual([
    '::error file=evals/each.eval.ts,title=each > no::CASE_FAILED  Eval "each", case "no"  gave "mumbled", expected "no"',
  ])
  const junit = readFileSync(join(folder, 'junit.xml'), 'utf8')
  expect(junit).toMatch(/<property name="passShare" value="0\.75">/)
  const doubled = await vitestOutput({
    root,
    env: environment('doubled', { GITHUB_ACTIONS: 'true' }),
    flags: ['--reporter', 'default', '--reporter', 'github-actions'],
  })
  expect(doubled.match(/^::error /gm)).toHaveLength(1)
  expect(doubled).toMatch(/^ {2}opening {2}3 of 4 passed, 75\.0 % \(95 % interval 30\.1 % to 95\.4 %\); at least 75\.0 % must$/m)
})

it('mergeEvalReports() makes one report of the parts that shards write, and misses none', async () => {
  await Promise.all(['1/3', '2/3', '3/3'].map((shard) => vitestJson({ root, env: environment('sharded'), flags: ['--shard', shard] })))
  const files = readdirSync(join(folder, 'sharded'))
    .filter((file) => file.startsWith('report'))
    .toSorted()
  // One of them holds only the user's own test.
  expect(files).toEqual(['report.shard-1-of-3.json', 'report.shard-2-of-3.json', 'report.shard-3-of-3.json'])
  const parts = files.map((file) => reportIn('sharded', file))
  const merged = mergeEvalReports(parts)
  expect(merged.evals.map((one) => one.eval).toSorted()).toEqual(['each', 'opening'])
  expect(merged.failures.map(({ test }) => test)).toEqual(['each > no'])
})
