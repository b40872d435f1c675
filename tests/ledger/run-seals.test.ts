import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import { openSeals, readSeals } from '../../src/ledger/run-seals.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-seals-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(scratch, 'run-'))
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}
const lines = (): string[] => readFileSync(join(directory, 'files.jsonl'), 'utf8').split('\n').slice(0, -1)
const sealed = async () => Object.keys((await readSeals(directory))?.notes ?? {})

describe('openSeals()', () => {
  test('openSeals() notes files and folders, and readSeals() gives the last note of each', async () => {
    put('rounds/01-a/sft/verdict.json', 'one\ntwo\n')
    put('rounds/01-a/sft/adapter/weights', 'w')
    put('plan.json', '{}')
    const seals = await openSeals(directory)
    seals.seal(['plan.json', 'rounds/01-a/sft', 'not/there'])
    put('plan.json', '{"a":1}\n')
    seals.seal(['plan.json'])
    seals.close()
    expect(await readSeals(directory)).toEqual({
      finished: false,
      notes: {
        'plan.json': { bytes: 8, lines: 1, sha256: sha256('{"a":1}\n') },
        'rounds/01-a/sft/adapter/weights': { bytes: 1, lines: 0, sha256: sha256('w') },
        'rounds/01-a/sft/verdict.json': { bytes: 8, lines: 2, sha256: sha256('one\ntwo\n') },
      },
    })
    expect(lines()).toHaveLength(4)
  })

  test('openSeals() notes nothing twice that is as it was noted, after it was opened again too', async () => {
    put('plan.json', '{}')
    const first = await openSeals(directory)
    first.seal(['plan.json'])
    first.seal(['plan.json'])
    first.close()
    const again = await openSeals(directory)
    again.seal(['plan.json'])
    again.close()
    expect(lines()).toHaveLength(1)
  })

  test('openSeals() forgets a path and what lies below it, and nothing whose name only begins alike', async () => {
    for (const path of ['rounds/01-a/sft/one', 'rounds/01-a/sft/deep/two', 'rounds/01-a/sft-long/three', 'rounds/01-a/sf']) put(path, path)
    const seals = await openSeals(directory)
    seals.seal(['rounds'])
    seals.forget('rounds/01-a/sft')
    expect(await sealed()).toEqual(['rounds/01-a/sf', 'rounds/01-a/sft-long/three'])
    seals.forget('rounds/01-a/sf')
    expect(await sealed()).toEqual(['rounds/01-a/sft-long/three'])
    const count = lines().length
    seals.forget('rounds/01-a/sft')
    expect(lines()).toHaveLength(count)
    // What was forgotten and is there again is noted again.
    seals.seal(['rounds/01-a/sft/one'])
    seals.close()
    expect(await sealed()).toContain('rounds/01-a/sft/one')
  })

  test('openSeals() says once that the run came to its end, and once that it goes on', async () => {
    const seals = await openSeals(directory)
    seals.finish(false)
    seals.finish(true)
    seals.finish(true)
    seals.close()
    expect(lines()).toEqual(['{"finished":true}'])
    expect((await readSeals(directory))?.finished).toBe(true)
    const again = await openSeals(directory)
    again.finish(true)
    again.finish(false)
    again.close()
    expect(lines()).toEqual(['{"finished":true}', '{"finished":false}'])
    expect((await readSeals(directory))?.finished).toBe(false)
  })
})

test('readSeals() gives null where nothing was noted yet', async () => {
  expect(await readSeals(directory)).toBeNull()
  put('files.jsonl', '')
  expect(await readSeals(directory)).toBeNull()
})

test('readSeals() refuses a line that is no note', async () => {
  put('files.jsonl', '{"path":"plan.json","bytes":2}\n')
  await expect(readSeals(directory)).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' })
})
