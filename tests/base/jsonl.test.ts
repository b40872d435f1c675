import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { appendJsonl, readCompleteLines } from '../../src/base/jsonl.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-jsonl-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('appendJsonl() cuts off the part of a line that a killed process left', () => {
  const path = join(directory, 'new', 'part.jsonl')
  appendJsonl(path, [{ n: 1 }])
  appendFileSync(path, '{"n":2,"te')
  expect(readCompleteLines(path)).toEqual(['{"n":1}'])
  appendJsonl(path, [{ n: 3 }])
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":3}\n')
})
