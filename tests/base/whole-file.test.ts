import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { errorCodeOf, fileWriteFailure } from '../../src/base/file-errors.ts'
import { writeAllSync, writeWholeFile } from '../../src/base/whole-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-whole-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function failure(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new TypeError('no error')
}

test('writeWholeFile() makes folders, replaces, and leaves no other file', () => {
  const path = join(directory, 'a/b/c.json')
  writeWholeFile(path, 'old')
  writeWholeFile(path, new TextEncoder().encode('zwölf'))
  expect(readFileSync(path, 'utf8')).toBe('zwölf')
  expect(readdirSync(join(directory, 'a/b'))).toEqual(['c.json'])
})

test('writeWholeFile() leaves no temporary file behind when it fails', () => {
  writeFileSync(join(directory, 'file'), 'x')
  const message = failure(() => writeWholeFile(join(directory, 'file/below'), 'y')).message.replace(directory, '<dir>')
  expect(message).toMatchInlineSnapshot(`
    "WRITE_FAILED  The file could not be written (EEXIST); everything written before is intact
      where  <dir>/file/below
      fix    check that the directory exists and may be written to"
  `)
  expect(readdirSync(directory).toSorted()).toEqual(['a', 'file'])
})

test('writeWholeFile() keeps what is in its place when it cannot replace it', () => {
  const path = join(directory, 'blocked')
  writeWholeFile(join(path, 'inside'), 'x')
  expect(() => writeWholeFile(path, 'y')).toThrow(expect.objectContaining({ code: 'WRITE_FAILED', where: path }) as Error)
  expect(readFileSync(join(path, 'inside'), 'utf8')).toBe('x')
  expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test.skipIf(!existsSync('/dev/full'))('fileWriteFailure() gives a full disk an error of its own', () => {
  const file = openSync('/dev/full', 'w')
  const cause = failure(() => writeAllSync(file, Buffer.from('x')))
  closeSync(file)
  expect(errorCodeOf(cause)).toBe('ENOSPC')
  expect(fileWriteFailure('/runs/r1/grades.jsonl', cause).message).toMatchInlineSnapshot(`
    "DISK_FULL  No space is left on the disk; everything written before is intact
      where  /runs/r1/grades.jsonl
      fix    free some space, then go on with --resume"
  `)
})
