import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOLDFAST_VERSION } from '../../../src/base/version.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SuiteRunOutdatedError } from '../../../src/vitest/errors.ts'
import { findRecordedRun } from '../../../src/vitest/suites/find-recorded-run.ts'
import { recordedResult } from '../../../src/vitest/suites/recorded-suite.ts'
import { noBase } from '../project/no-base.ts'
import type { Change } from '../project/no-base.ts'
import { recordNoBaseRun, SUITE_FILE } from '../record-no-base-run.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-recorded-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(async () => {
  const definition = noBase('nothing')
  await recordNoBaseRun(root, { name: 'z-first', outcome: 'ACCEPTED', definition })
  await recordNoBaseRun(root, { name: 'a-second', outcome: 'BLOCKED', definition })
  const [earlier, later] = [new Date(2026, 1, 1), new Date(2026, 1, 2)]
  utimesSync(join(root, 'z-first', 'run.json'), earlier, earlier)
  utimesSync(join(root, 'a-second', 'run.json'), later, later)
  // An interrupted run, something that is no run, and a run of another version.
  for (const name of ['m-interrupted', 'n-nothing', 'o-other']) mkdirSync(join(root, name))
  writeFileSync(join(root, 'm-interrupted', 'plan.json'), '{}')
  writeFileSync(join(root, 'o-other', 'plan.json'), '{"schemaVersion": 99}')
  writeFileSync(join(root, 'o-other', 'run.json'), '{"schemaVersion": 99}')
})

const wanted = { suite: 'no-base', budget: null, root, named: null }
const resultOf = (change: Change): ReturnType<typeof recordedResult> =>
  recordedResult({
    directory: join(root, 'z-first'),
    definition: noBase(change),
    suiteFile: SUITE_FILE,
    command: 'COMMAND',
  })

it('findRecordedRun() finds the run that ended last, whatever its name, and only finished runs of this suite and budget', () => {
  expect(findRecordedRun(wanted)).toBe(join(root, 'a-second'))
  expect(findRecordedRun({ ...wanted, suite: 'another' })).toBeNull()
  expect(findRecordedRun({ ...wanted, budget: 'small' })).toBeNull()
  expect(findRecordedRun({ ...wanted, root: join(root, 'no-such-folder') })).toBeNull()
})

it('findRecordedRun() takes a named run by name or by path, passes over one of another suite, and refuses one that is not finished', () => {
  expect(findRecordedRun({ ...wanted, named: 'z-first' })).toBe(join(root, 'z-first'))
  expect(findRecordedRun({ ...wanted, named: join(root, 'z-first') })).toBe(join(root, 'z-first'))
  expect(findRecordedRun({ ...wanted, suite: 'another', named: 'z-first' })).toBeNull()
  expect(() => findRecordedRun({ ...wanted, named: 'm-interrupted' })).toThrow('NAMED_RUN_UNUSABLE')
})

it('recordedResult() gives the recorded exit code while the run fits the suite', async () => {
  expect(await resultOf('nothing')).toEqual({
    run: 'z-first',
    directory: join(root, 'z-first'),
    exitCode: 0,
    summary: 'ACCEPTED: as recorded',
  })
  // How an undecided run is treated by tests decides no verdict.
  expect((await resultOf('inconclusive')).exitCode).toBe(0)
})

it.each([
  ['cases', 'eval "yes-no" has other cases: "c" (input)'],
  ['prompts', 'eval "yes-no" has other cases: "b" (prompt), "c" (prompt)'],
  ['label', 'eval "yes-no" has other cases: "c" (expected)'],
  ['more cases', 'eval "yes-no" has other cases: "b" (role), "x0" is new, "x1" is new and 2 more'],
  ['graders', 'the graders of eval "sums" changed'],
  ['code', 'the graders ("short") of eval "sums" changed'],
  ['another eval', 'eval "products" is new; eval "sums" is gone'],
  ['training', 'the training cases or demonstrations of eval "yes-no" changed'],
  [
    'settings',
    `arms, methods, gate or other settings changed since it was planned by Holdfast ${HOLDFAST_VERSION} (arms.0.method.yes-no.steps: 1 became 2)`,
  ],
  [
    'hacking',
    `arms, methods, gate or other settings changed since it was planned by Holdfast ${HOLDFAST_VERSION} (settings.hacking.limit: 0.1 became 0.2)`,
  ],
  ['sampling', 'the settings (repeats, sampling, reducer) of eval "sums" changed'],
  ['threshold', 'the settings (passThreshold) of eval "sums" changed'],
  ['arms', 'arm "sft" is gone'],
] as const)('recordedResult() refuses a run that no longer fits: %s', async (change, said) => {
  await expect(resultOf(change)).rejects.toThrow(`SUITE_RUN_OUTDATED  The run no longer fits suite "no-base": ${said}`)
})

it('recordedResult() refuses a run of a trainer that this version does not have, and shows nothing of its name but letters', async () => {
  const directory = join(root, 'gone-trainer')
  cpSync(join(root, 'z-first'), directory, { recursive: true })
  const plan = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')) as object
  const trainer = { name: 'ray\u001B[2J', host: 'gpu1', device: 'cuda', precision: 'bf16', evaluation: 'ray', packages: {} }
  writeFileSync(join(directory, 'plan.json'), JSON.stringify({ ...plan, trainer }))
  await expect(recordedResult({ directory, definition: noBase('nothing'), suiteFile: SUITE_FILE, command: 'COMMAND' })).rejects.toThrow(
    'SUITE_RUN_OUTDATED  The run no longer fits suite "no-base": Holdfast has no trainer "ray [2J" any more',
  )
})

it('SuiteRunOutdatedError says what changed, which run, and the command to run again', () => {
  const data = { suite: 'demo', directory: 'reports/demo-1', changes: ['the cases of eval "a" changed'], command: 'npx holdfast run demo' }
  expect(new SuiteRunOutdatedError(data).message).toMatchInlineSnapshot(`
    "SUITE_RUN_OUTDATED  The run no longer fits suite "demo": the cases of eval "a" changed
      where  reports/demo-1
      fix    run it again: npx holdfast run demo"
  `)
})
