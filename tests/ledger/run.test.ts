import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import type { RunHeader } from '../../src/ledger/run-records.ts'
import { createRun, openRun, resumeRun } from '../../src/ledger/run.ts'
import { planForTest } from './plan-for-test.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const PLAN = planForTest()
const at = (name: string): string => join(directory, name)

async function failure(action: () => unknown): Promise<string> {
  try {
    await action()
    return 'no error'
  } catch (error) {
    return (error as Error).message.replaceAll(directory, '<dir>').replaceAll(/process \d+ on "[^"]*"/g, 'process <pid> on <host>')
  }
}

test('createRun() writes the plan, and finish() the header', async () => {
  const run = await createRun(at('new'), PLAN)
  expect(openRun(at('new'))).toEqual({ directory: at('new'), plan: PLAN, header: null })
  const header = { schemaVersion: 1 as const, run: 'r1', suiteHash: 'aaaa', exitCode: 0, summary: 'ok', lineages: [] }
  run.writeRecord('rounds/01-refill/sft/verdict.json', { a: 1 })
  run.noteTelemetry({ at: 'now', phase: 'grading', round: null, arm: null, seconds: 1, tokens: 2, residentBytes: null })
  run.finish(header)
  run.close()
  run.close()
  const { files, digest, ...written } = openRun(at('new')).header as RunHeader
  expect([written, digest]).toEqual([header, expect.stringMatching(/^[0-9a-f]{16}$/)])
  expect(Object.keys(files ?? {})).toEqual(['files.jsonl', 'plan.json', 'rounds/01-refill/sft/verdict.json'])
  expect(files?.['rounds/01-refill/sft/verdict.json']).toEqual({ bytes: 13, lines: 3, sha256: sha256('{\n  "a": 1\n}\n') })
  expect(readFileSync(run.path('rounds/01-refill/sft/verdict.json'), 'utf8')).toBe('{\n  "a": 1\n}\n')
  expect(existsSync(at('new/lock.json'))).toBe(false)
  expect(readFileSync(at('new/telemetry.jsonl'), 'utf8')).toContain('"phase":"grading"')
})

test('resumeRun() goes on with the same plan', async () => {
  ;(await createRun(at('same'), PLAN)).close()
  const run = await resumeRun(at('same'), structuredClone(PLAN))
  expect(run.plan).toEqual(PLAN)
  run.close()
})

test('resumeRun() goes on where only words, places and what follows from the rest changed', async () => {
  ;(await createRun(at('words'), PLAN)).close()
  const run = await resumeRun(
    at('words'),
    planForTest({
      suite: { ...PLAN.suite, description: 'other words', file: 'elsewhere/a.suite.ts' },
      base: { ...PLAN.base, name: '../nano', directory: '/models/nano' },
      evals: PLAN.evals.map((planned) => ({ ...planned, description: 'other words' })),
      warnings: [{ code: 'X', message: 'where  elsewhere/a.suite.ts' }],
    }),
  )
  expect(run.plan).toEqual(PLAN)
  run.close()
})

test('resumeRun() refuses another plan and lists what differs', async () => {
  ;(await createRun(at('changed'), PLAN)).close()
  const changed = planForTest({ seed: 2, gate: { alpha: 0.05, margin: 0.1 }, arms: [], suite: { ...PLAN.suite, hash: 'dddd' } })
  expect(await failure(() => resumeRun(at('changed'), changed))).toMatchInlineSnapshot(`
    "RUN_CHANGED  The run was planned differently: seed: 1 became 2; gate.margin: 0.05 became 0.1; arms.0: "{\\"method\\":{\\"name\\":\\"sft\\",\\"steps\\":10},\\"na…" became null; suite.hash: "aaaa" became "dddd"
      where  <dir>/changed
      fix    undo the change, or start a new run without --resume"
  `)
  expect(existsSync(at('changed/lock.json'))).toBe(false)
})

test('createRun() refuses a directory with a run', async () => {
  ;(await createRun(at('exists'), PLAN)).close()
  expect(await failure(() => createRun(at('exists'), PLAN))).toMatchInlineSnapshot(`
    "RUN_EXISTS  This directory already holds a run
      where  <dir>/exists
      fix    go on with it by --resume, or choose another directory"
  `)
})

test('openRun() refuses a directory without a run', async () => {
  expect(await failure(() => openRun(at('nothing')))).toMatchInlineSnapshot(`
    "RUN_NOT_FOUND  There is no run in this directory: it has no plan.json
      where  <dir>/nothing
      fix    give the directory of a run, for example reports/<run>"
  `)
})

test('openRun() refuses a damaged plan', async () => {
  ;(await createRun(at('damaged'), PLAN)).close()
  writeFileSync(at('damaged/plan.json'), '{"schemaVersion":2}')
  expect(await failure(() => openRun(at('damaged')))).toContain('LEDGER_CORRUPT  A record of the run is damaged: schemaVersion')
})

test('createRun() and resumeRun() refuse a run that a living process writes', async () => {
  const run = await createRun(at('locked'), PLAN)
  expect(await failure(() => resumeRun(at('locked'), PLAN))).toMatchInlineSnapshot(`
    "RUN_LOCKED  The run is being written by process <pid> on <host>
      where  <dir>/locked/lock.json
      fix    wait for that process or stop it; if it is certainly gone, delete this file"
  `)
  run.close()
  ;(await resumeRun(at('locked'), PLAN)).close()
})

test('createRun() refuses a disk with too little space', async () => {
  const message = await failure(() => createRun(at('full'), PLAN, { neededBytes: 1e18 }))
  expect(message.replace(/has [\d,]+ MB/, 'has <free> MB')).toMatchInlineSnapshot(`
    "DISK_SPACE_LOW  The run needs about 1,000,000,000,000 MB of free space, the disk has <free> MB
      where  <dir>/full
      fix    free some space, or put the run on another disk"
  `)
  expect(existsSync(at('full'))).toBe(false)
})
