import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openGradeFile, readGrades, writeAskedCases } from '../../src/ledger/grade-file.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import { gradingOf, askedOf } from './as-grading.ts'

const V1 = fileURLToPath(new URL('./fixtures/v1-run/rounds/01-first/grpo/grades/gate.old-one.jsonl', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'holdfast-grade-file-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const records = await readGrades(V1)
const text = (path: string): string => readFileSync(path, 'utf8')
const linesOf = (path: string): Record<string, unknown>[] =>
  text(path)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Writes records in batches as one grading of 4 cases a chunk. */
async function write(path: string, list: readonly GradeRecord[], asked?: string): Promise<void> {
  const file = await openGradeFile(path, { grading: gradingOf(records), firstCount: 8, keep: (count) => Math.floor(count / 8) * 8, asked })
  for (let at = file.recordCount; at < list.length; at += 8) file.append(list.slice(at, at + 8))
  file.close()
}

test('readGrades() reads a file of version 1 as the whole records it holds', () => {
  expect(records).toEqual(linesOf(V1).map(({ v: _, ...record }) => record))
  expect(records.map(({ caseId, repeat }) => `${caseId} ${repeat}`).slice(0, 3)).toEqual([
    'old-one-gate-0 0',
    'old-one-gate-0 1',
    'old-one-gate-1 0',
  ])
})

test('openGradeFile() writes a header and short lines that readGrades() makes the same records of, with and without a file of asked cases', async () => {
  const alone = join(directory, 'alone', 'gate.jsonl')
  await write(alone, records)
  expect(await readGrades(alone)).toEqual(records)
  const asked = writeAskedCases(askedOf(records), (hash) => join(directory, 'grades', 'asked', `gate.${hash}.jsonl`))
  const shared = join(directory, 'rounds', 'one', 'grades', 'gate.jsonl')
  await write(shared, records, asked)
  expect(await readGrades(shared)).toEqual(records)
  expect(linesOf(shared)[0]).toMatchObject({ v: 2, asked: expect.stringMatching(/^\.\.\/\.\.\/\.\.\/grades\/asked\/gate\.\w{8}\.jsonl$/) })
  expect(text(alone).length).toBeLessThan(0.6 * text(V1).length)
  expect(text(shared).length).toBeLessThan(0.4 * text(V1).length)
})

test('openGradeFile() leaves out of a line what more than half of the first chunk have, and nothing else', async () => {
  const path = join(directory, 'usual.jsonl')
  const passes = [true, true, true, true, true, false, false, false, true, false]
  const list = passes.map((pass, index) => ({ ...(records[index] as GradeRecord), pass, reward: pass ? 1 : index / 10 }))
  await write(path, list)
  const [header, ...lines] = linesOf(path)
  expect(header).toMatchObject({ usual: { pass: true, reward: 1, finishReason: list[0]?.finishReason, errorCode: null } })
  expect(lines.map((line) => [line['pass'], line['reward'], 'errorCode' in line])).toEqual(
    passes.map((pass, index) => (pass ? [undefined, undefined, false] : [false, index / 10, false])),
  )
  // One of two repeats is no majority.
  expect(header?.['usual']).not.toHaveProperty('repeat')
  expect(lines.map((line) => line['repeat'])).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(await readGrades(path)).toEqual(list)
})

test('openGradeFile() gives the same bytes wherever the file was cut', async () => {
  const path = join(directory, 'cut.jsonl')
  await write(path, records)
  const whole = text(path)
  for (let cut = 0; cut <= whole.length; cut += 97) {
    writeFileSync(path, whole.slice(0, cut))
    await write(path, records)
    expect(text(path) === whole, `cut at ${cut}`).toBe(true)
  }
})

test('openGradeFile() goes on with a file of version 1 in version 1, and begins anew where nothing of it stays', async () => {
  const path = join(directory, 'old.jsonl')
  const old = text(V1)
  const ten = old.split('\n').slice(0, 10).join('\n')
  writeFileSync(path, `${ten}\n`)
  await write(path, records)
  expect(linesOf(path).map(({ v }) => v)).toEqual(records.map(() => 1))
  expect(await readGrades(path)).toEqual(records)
  writeFileSync(path, `${old.split('\n').slice(0, 5).join('\n')}\n`)
  await write(path, records)
  expect(linesOf(path).map(({ v }) => v)).toEqual([2, ...records.map(() => undefined)])
})

test('readGrades() names file, line and member of what is damaged', async () => {
  const asked = writeAskedCases(askedOf(records), (hash) => join(directory, 'damaged', 'asked', `gate.${hash}.jsonl`))
  const path = join(directory, 'damaged', 'gate.jsonl')
  const failure = async (change: (lines: string[]) => void): Promise<string> => {
    rmSync(path, { force: true })
    await write(path, records, asked)
    const lines = text(path).split('\n')
    change(lines)
    writeFileSync(path, lines.join('\n'))
    return ((await readGrades(path).catch((error: unknown) => error)) as Error).message.replaceAll(dirname(path), '<dir>')
  }
  expect(await failure((lines) => (lines[0] = (lines[0] as string).replace('"run":"v1-run",', '')))).toMatch(
    /run: .*\n {2}where {2}\S*gate.jsonl:1\n/,
  )
  expect(await failure((lines) => (lines[0] = (lines[0] as string).replace('"errorCode":null,', '')))).toMatch(
    /errorCode: neither this line nor the header has it\n {2}where {2}\S*gate.jsonl:2\n/,
  )
  expect(await failure((lines) => (lines[3] = (lines[3] as string).replace('old-one-gate-1', 'gone')))).toMatch(
    /caseId: it is not among the cases of asked\/gate\.\w{8}\.jsonl\n {2}where {2}\S*gate.jsonl:4\n/,
  )
  expect(await failure((lines) => (lines[2] = (lines[2] as string).replace('"caseId"', '"extra":1,"caseId"')))).toMatch(/gate.jsonl:3\n/)
  cpSync(asked, `${asked}.kept`)
  writeFileSync(asked, text(asked).replace('old-one-gate-0', 'another'))
  expect(() => writeAskedCases(askedOf(records), () => asked)).toThrow(
    /it holds other cases than its name says\n {2}where {2}\S*asked\/gate\.\w{8}\.jsonl\n/,
  )
  rmSync(asked)
  expect(await failure((lines) => lines)).toMatch(/it is missing, and gate\.jsonl needs it\n {2}where {2}\S*asked\/gate\.\w{8}\.jsonl\n/)
})
