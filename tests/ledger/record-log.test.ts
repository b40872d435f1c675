import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readAllRecords } from '../../src/ledger/read-records.ts'
import { openRecordLog } from '../../src/ledger/record-log.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-log-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const schema = z.strictObject({ n: z.int(), text: z.string().optional() })
const fresh = (name: string): string => join(directory, name, 'log.jsonl')

test('openRecordLog() appends and continues a file', async () => {
  const path = fresh('append')
  const first = await openRecordLog(path)
  first.append([{ n: 1 }, { n: 2 }])
  first.append([])
  first.close()
  const second = await openRecordLog(path)
  expect(second.recordCount).toBe(2)
  second.append([{ n: 3 }])
  expect(second.recordCount).toBe(3)
  second.close()
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n')
})

test('openRecordLog() cuts off a last line that was not finished', async () => {
  const path = fresh('partial')
  const first = await openRecordLog(path)
  first.append([{ n: 1 }])
  first.close()
  appendFileSync(path, '{"n":2,"te')
  expect(await readAllRecords(path, schema)).toEqual([{ n: 1 }])
  const second = await openRecordLog(path)
  second.append([{ n: 5 }])
  second.close()
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":5}\n')
})

test('openRecordLog() keeps as many records as it is told', async () => {
  const path = fresh('keep')
  const first = await openRecordLog(path)
  first.append([{ n: 1 }, { n: 2, text: 'zwölf' }, { n: 3 }])
  first.close()
  const second = await openRecordLog(path, (count) => (count === 3 ? 2 : 0))
  expect(second.recordCount).toBe(2)
  second.close()
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2,"text":"zwölf"}\n')
})

test('append() says that a write failed, and where', async () => {
  const path = fresh('closed')
  const log = await openRecordLog(path)
  log.close()
  expect(() => log.append([{ n: 1 }])).toThrow('WRITE_FAILED  The file could not be written (EBADF); everything written before is intact')
})

test('readAllRecords() splits at line feeds only and streams lines longer than a block', async () => {
  const path = fresh('long')
  const texts = ['a\u2028b\u2029c\u0085d', 'x'.repeat(1_000_000), '😀'.repeat(200_001), '']
  const log = await openRecordLog(path)
  log.append(texts.map((text, n) => ({ n, text })))
  log.close()
  expect((await readAllRecords(path, schema)).map((record) => record.text)).toEqual(texts)
})

test('readAllRecords() gives nothing for a file that is not there', async () => {
  expect(await readAllRecords(join(directory, 'none.jsonl'), schema)).toEqual([])
})

test('readAllRecords() names file and line of a damaged record', async () => {
  const path = join(directory, 'damaged.jsonl')
  const failure = async (text: string): Promise<string> => {
    writeFileSync(path, text)
    const error = await readAllRecords(path, schema).catch((reason: Error) => reason)
    return error instanceof Error ? error.message.replaceAll(directory, '<dir>') : 'no error'
  }
  expect(await failure('{"n":1}\n{"n":\n{"n":3}\n')).toMatchInlineSnapshot(`
    "LEDGER_CORRUPT  A record of the run is damaged: it is not JSON
      where  <dir>/damaged.jsonl:2
      fix    restore it from a copy, or make it anew: of an evaluation delete this file, of an unfinished run its whole folder rounds/<round>/<arm>, and go on with --resume"
  `)
  expect(await failure('{"n":1}\n{"n":"2"}\n')).toMatchInlineSnapshot(`
    "LEDGER_CORRUPT  A record of the run is damaged: n: Invalid input: expected number, received string
      where  <dir>/damaged.jsonl:2
      fix    restore it from a copy, or make it anew: of an evaluation delete this file, of an unfinished run its whole folder rounds/<round>/<arm>, and go on with --resume"
  `)
})

// Every write to /dev/null succeeds and no flush of it does.
test.skipIf(!existsSync('/dev/null'))('append() fails where the batch cannot be flushed', async () => {
  const log = await openRecordLog('/dev/null')
  expect(() => log.append([{ n: 1 }])).toThrow('WRITE_FAILED  The file could not be written (EINVAL)')
  expect(log.recordCount).toBe(0)
  log.close()
})
