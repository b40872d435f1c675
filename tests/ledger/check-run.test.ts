import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkBeforeResume, checkRun, headerDigest } from '../../src/ledger/check-run.ts'
import type { RunDamagedError } from '../../src/ledger/errors.ts'
import { createRun, type Run } from '../../src/ledger/run.ts'
import { openSeals } from '../../src/ledger/run-seals.ts'
import type { RunHeader } from '../../src/ledger/run-records.ts'
import { planForTest } from './plan-for-test.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-check-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const HEADER: RunHeader = { schemaVersion: 1, run: 'r1', suiteHash: 'aaaa', exitCode: 0, summary: 'ok', lineages: [] }
const VERDICT = 'rounds/01-a/sft/verdict.json'

let directory = ''
beforeEach(() => {
  directory = join(mkdtempSync(join(scratch, 'of-')), 'run')
})

const at = (path: string): string => join(directory, path)
function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

/** What is wrong, in phrases; empty where nothing is. */
async function problems(check: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await check()
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'RUN_DAMAGED' })
    return (error as RunDamagedError).data.problems
  }
}

async function finishedRun(): Promise<void> {
  const run: Run = await createRun(directory, planForTest())
  run.writeRecord(VERDICT, { a: 1 })
  run.noteTelemetry({ at: 'now', phase: 'grading', round: null, arm: null, seconds: 1, tokens: 2, residentBytes: null })
  run.finish(HEADER)
  run.close()
}

describe('checkRun() on a finished run', () => {
  beforeEach(finishedRun)

  test('checkRun() finds nothing wrong with what was written', async () => {
    expect(await checkRun(directory)).toBe('checked')
    expect(await checkBeforeResume(directory)).toEqual({ check: 'checked', removed: [] })
  })

  test('checkRun() names every file that is gone, changed or added', async () => {
    rmSync(at(VERDICT))
    put('plan.json', readFileSync(at('plan.json'), 'utf8').replace('"r1"', '"r2"'))
    put('rounds/01-a/sft/new.json', '{}')
    const expected = [
      'plan.json has other content than was written',
      'rounds/01-a/sft/verdict.json is missing',
      'rounds/01-a/sft/new.json was added',
    ]
    expect(await problems(() => checkRun(directory))).toEqual(expected)
    expect(await problems(() => checkBeforeResume(directory))).toEqual(expected)
  })

  test('checkRun() checks the telemetry', async () => {
    put('telemetry.jsonl', readFileSync(at('telemetry.jsonl'), 'utf8').replace('"seconds":1', '"seconds":2'))
    expect(await problems(() => checkRun(directory))).toEqual(['telemetry.jsonl has other content than was written'])
  })

  test('checkRun() finds a header that was changed, and one whose notes were taken out', async () => {
    const header = JSON.parse(readFileSync(at('run.json'), 'utf8')) as RunHeader
    put('run.json', JSON.stringify({ ...header, exitCode: 1 }))
    expect(await problems(() => checkRun(directory))).toEqual(['run.json has other content than was written'])
    const { files: _files, digest: _digest, ...bare } = header
    put('run.json', JSON.stringify(bare))
    expect(await problems(() => checkRun(directory))).toEqual(['run.json lacks its counts and hashes'])
    // As versions wrote it that noted nothing.
    rmSync(at('files.jsonl'))
    expect(await checkRun(directory)).toBe('unchecked')
  })

  test('checkRun() misses the header of a run that came to its end', async () => {
    rmSync(at('run.json'))
    expect(await problems(() => checkRun(directory))).toEqual(['run.json is missing'])
    // It is made anew.
    expect(await checkBeforeResume(directory)).toEqual({ check: 'checked', removed: [] })
  })
})

test('headerDigest() is of every member but itself', () => {
  const digest = headerDigest(HEADER)
  expect(headerDigest({ ...HEADER, digest: 'other' })).toBe(digest)
  expect(headerDigest({ ...HEADER, summary: 'other' })).not.toBe(digest)
})

describe('checkBeforeResume() on an unfinished run', () => {
  beforeEach(async () => {
    put('cases/a.jsonl', '{}\n')
    for (const part of ['01-a/sft', '01-a/dpo', '02-b/sft', '02-b/dpo']) put(`rounds/${part}/verdict.json`, part)
    const seals = await openSeals(directory)
    seals.seal(['cases', 'rounds'])
    seals.close()
  })

  test('checkBeforeResume() finds nothing wrong with what was noted, and lets files be that were not', async () => {
    put('rounds/03-c/sft/events.jsonl', 'begun')
    expect(await checkBeforeResume(directory)).toEqual({ check: 'checked', removed: [] })
    expect(await checkRun(directory)).toBe('checked')
  })

  test('checkBeforeResume() lets a part be removed whole that nothing was trained after', async () => {
    rmSync(at('rounds/02-b/sft'), { recursive: true })
    expect(await checkBeforeResume(directory)).toEqual({ check: 'checked', removed: ['rounds/02-b/sft'] })
    expect(await problems(() => checkRun(directory))).toEqual(['rounds/02-b/sft/verdict.json is missing'])
  })

  test('checkBeforeResume() refuses what the same arm trained after a part that is gone, and nothing of other arms', async () => {
    rmSync(at('rounds/01-a/sft'), { recursive: true })
    expect(await problems(() => checkBeforeResume(directory))).toEqual([
      'rounds/02-b/sft was trained after rounds/01-a/sft, which is missing',
    ])
    rmSync(at('rounds/02-b/sft'), { recursive: true })
    expect(await checkBeforeResume(directory)).toEqual({ check: 'checked', removed: ['rounds/01-a/sft', 'rounds/02-b/sft'] })
  })

  test('checkBeforeResume() refuses a part that is damaged, and a file of the whole run that is', async () => {
    appendFileSync(at('rounds/01-a/dpo/verdict.json'), '!')
    rmSync(at('cases/a.jsonl'))
    expect(await problems(() => checkBeforeResume(directory))).toEqual([
      'cases/a.jsonl is missing',
      'rounds/01-a/dpo/verdict.json has 9 of 8 bytes',
    ])
  })
})

test('checkRun() and checkBeforeResume() cannot check what noted nothing', async () => {
  put('plan.json', '{}')
  expect(await checkRun(directory)).toBe('unchecked')
  expect(await checkBeforeResume(directory)).toEqual({ check: 'unchecked', removed: [] })
})
