import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Case } from '../../../src/eval/case.ts'
import { ANY, failureOf, loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)
const brief = ({ id, input, expected, role }: Case): unknown[] => [id, input, expected, role]

test('loadEval() reads CSV with a byte order mark, quoted commas, quotes and line breaks, and empty cells', async () => {
  const cases = folder.write(
    'good.csv',
    '\ufeffid,input,expected,role,tags,cluster\r\na,"x, ""y""\nz",,gate,"one, two",\r\n\r\nb,"",2,train,,k\r\n',
  )
  const loaded = await loadWith({ cases, prompt: 'Q {{input}}' })
  expect(loaded.cases).toEqual([
    { id: 'a', input: 'x, "y"\nz', expected: '', role: 'gate', tags: ['one', 'two'] },
    { id: 'b', input: '', expected: '2', role: 'train', tags: [], cluster: 'k' },
  ])
})

test('loadEval() gives every text back that CSV can quote', async () => {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const texts = fc.array(
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== ''),
    { minLength: 1, maxLength: 5 },
  )
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const rows = values.map((value, index) => `${index},${quote(value)},${quote(value)},dev`)
      const cases = folder.write('property.csv', `id,input,expected,role\n${rows.join('\n')}\n`)
      expect((await loadWith({ cases })).cases.map((row) => [row.input, row.expected])).toEqual(values.map((value) => [value, value]))
    }),
    { numRuns: 30 },
  )
})

test('loadEval() names the line of a broken CSV row', async () => {
  const cases = folder.write('broken.csv', 'id,input,expected\na,1,2\nb,1,2,3\n')
  expect(await failureOf({ cases }, folder.path)).toMatchInlineSnapshot(`
    "CASES_TABLE_BROKEN  The cases of eval "sum" are no readable table: "The row has 4 cells, the header 3; a value that holds the separator is quoted"
      where  <dir>/broken.csv:3
      fix    a CSV file has a header and a row per case, quoted where a value holds commas, quotes or line breaks, with quotes doubled: "{""a"": 1}""
  `)
  const twice = folder.write('twice.csv', 'input,input,expected\n1,2,3\n')
  expect(await failureOf({ cases: twice }, folder.path)).toContain('two columns named')
  const invalid = folder.write('invalid.csv', 'id,input,expected,role\na,1,2,gate\n"b\nb",1,2,test\n')
  expect(await failureOf({ cases: invalid }, folder.path)).toMatch(/CASE_INVALID.*role: Invalid option[^]*<dir>\/invalid\.csv:4/)
})

test.each(['snappy', 'zstd', 'gzip'])('loadEval() reads all row groups of a Parquet file packed with %s', async (codec) => {
  const loaded = await loadWith({
    cases: fixture(`questions-${codec}.parquet`),
    fields: { id: 'qid', input: ['question', 'meta.topic', 'options'], expected: 'score', tags: 'meta.topic', cluster: 'meta.level' },
    prompt: '{{input.question}}',
  })
  expect(loaded.cases).toHaveLength(10)
  const { role: _, ...fifth } = loaded.cases[5] as Case
  expect(fifth).toEqual({
    id: '105',
    input: { question: 'Frage 5: "ß", ja?', topic: 't1', options: ['o0', 'o1'] },
    expected: 2.5,
    tags: ['t1'],
    cluster: '5',
  })
})

test('loadEval() gives whole numbers and times of a Parquet file as JSON', async () => {
  const { cases } = await loadWith({
    cases: fixture('questions-snappy.parquet'),
    fields: { input: 'at', expected: (row: { qid: bigint }) => row.qid },
  })
  expect(cases[2]?.input).toBe('2026-01-03T00:00:00.000Z')
  expect(cases[2]?.expected).toBe(102)
})

test('loadEval() names the row of a Parquet file without a needed value', async () => {
  const cases = fixture('questions-snappy.parquet')
  expect(await failureOf({ cases, fields: { input: 'question', expected: 'answer' } })).toMatchInlineSnapshot(`
    "CASE_INVALID  A row of eval "sum" is not a case: expected: the row has no value at "answer"; it has "question", "answer"
      where  tests/eval/fixtures/questions-snappy.parquet (row 8)
      fix    a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; onBadRow: 'skip' leaves such rows out and counts them"
  `)
  expect(await failureOf({ cases, fields: { input: 'frage', expected: 'answer' } })).toContain('"frage"; it has "qid", "question"')
  expect(await failureOf({ cases })).toContain('unknown member "qid"')
})

test('loadEval() refuses what is no Parquet file', async () => {
  const cut = folder.write('cut.parquet', 'PAR1 and then nothing that a reader knows PAR1')
  expect(await failureOf({ cases: cut }, folder.path)).toMatch(/^CASES_TABLE_BROKEN/)
  const empty = folder.write('empty.parquet', '')
  expect(await failureOf({ cases: empty }, folder.path)).toMatch(/^CASES_TABLE_BROKEN/)
  expect(await failureOf({ cases: pathToFileURL(join(folder.path, 'none.parquet')) }, folder.path)).toMatch(/^CASES_UNREADABLE/)
})

test('loadEval() reads a directory with one case per file', async () => {
  const root = join(folder.path, 'directory')
  mkdirSync(join(root, 'deep'), { recursive: true })
  const files: Record<string, string> = {
    'b.txt': 'Line one\nline two\n',
    'b.expected.txt': 'two\n',
    'a.md': '# A',
    'a.expected.json': '{"n":1}',
    'deep/c.json': '{"input":"c","expected":3,"role":"dev"}',
    'd.json': '{"id":"named","input":"d","expected":4,"role":"train"}',
    e: 'no ending',
    'e.expected': 'E',
    '.hidden': 'x',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  const { cases } = await loadWith({ cases: pathToFileURL(root), roles: { gate: 1 }, graders: [ANY] })
  expect(cases.map(brief)).toEqual([
    ['a', '# A', { n: 1 }, 'gate'],
    ['b', 'Line one\nline two', 'two', 'gate'],
    ['named', 'd', 4, 'train'],
    ['deep/c', 'c', 3, 'dev'],
    ['e', 'no ending', 'E', 'gate'],
  ])
  writeFileSync(join(root, 'lonely.txt'), 'x')
  expect(await failureOf({ cases: pathToFileURL(root) }, folder.path)).toMatch(
    /CASE_INVALID.*expected: is missing[^]*directory\/lonely\.txt/,
  )
})

test('loadEval() takes roles from the files that cases stand in', async () => {
  const one = folder.write('one.jsonl', '{"id":"1","input":"1","expected":1}\n')
  const two = folder.write('two.csv', 'id,input,expected\n2,2,2\n')
  const gate = folder.write('gate.jsonl', '{"id":"g","input":"g","expected":1,"role":"gate"}\n')
  const { cases } = await loadWith({ cases: { gate, train: [one, two], dev: [{ id: 'd', input: 'd', expected: 1 }] } })
  expect(cases.map((row) => `${row.id} ${row.role}`)).toEqual(['1 train', '2 train', 'd dev', 'g gate'])
  expect(await failureOf({ cases: { train: gate } }, folder.path)).toMatchInlineSnapshot(`
    "CASE_INVALID  A row of eval "sum" is not a case: its role is "gate", but it stands among the cases of role "train"
      where  <dir>/gate.jsonl:1
      fix    a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; onBadRow: 'skip' leaves such rows out and counts them"
  `)
})

test('loadEval() reads several files one after the other', async () => {
  const files = ['x', 'y'].map((id) => folder.write(`${id}.jsonl`, `{"id":"${id}","input":"${id}","expected":1}\n`))
  expect((await loadWith({ cases: files })).cases.map((row) => row.id)).toEqual(['x', 'y'])
  const again = [...files, folder.write('z.jsonl', '\n{"id":"x","input":"z","expected":1}\n')]
  expect(await failureOf({ cases: again }, folder.path)).toContain('<dir>/x.jsonl:1 and <dir>/z.jsonl:2')
})

test('loadEval() refuses a row that is larger than any case', async () => {
  const cases = folder.write('long.jsonl', `{"input":"x","expected":"y"}\n{"input":"${'x'.repeat(1 << 24)}","expected":"y"}\n`)
  expect(await failureOf({ cases }, folder.path)).toMatch(/^CASE_INVALID.*a case at most 16777216\n {2}where {2}<dir>\/long\.jsonl:2/)
  const table = folder.write('long.csv', `input,expected\n${'x'.repeat((1 << 24) + 10)},y\n`)
  expect(await failureOf({ cases: table }, folder.path)).toMatch(/^CASE_INVALID.*a case at most 16777216\n {2}where {2}<dir>\/long\.csv:2/)
})

test('loadEval() keeps every digit of numbers that JavaScript would round', async () => {
  const rows = '{"id":"a","input":{"order":12345678901234567},"expected":12345678901234567}\n{"id":"b","input":0.5,"expected":1e400}\n'
  const { cases } = await loadWith({ cases: folder.write('big.jsonl', rows), roles: { gate: 1 } })
  expect(cases.map((row) => [row.input, row.expected])).toEqual([
    [{ order: '12345678901234567' }, '12345678901234567'],
    [0.5, '1e400'],
  ])
  const root = join(folder.path, 'big')
  mkdirSync(root)
  writeFileSync(join(root, 'a.json'), '{"input":"x","expected":-9007199254740993}')
  expect((await loadWith({ cases: pathToFileURL(root) })).cases[0]?.expected).toBe('-9007199254740993')
})

test('loadEval() tells two long ids apart that differ in their last digit', async () => {
  const rows = '{"id":1234567890123456781,"input":"Q","expected":"x"}\n{"id":1234567890123456782,"input":"R","expected":"y"}\n'
  const { cases } = await loadWith({
    cases: folder.write('ids.jsonl', rows),
    fields: { id: 'id', input: 'input', expected: 'expected' },
  })
  expect(cases.map((row) => row.id)).toEqual(['1234567890123456781', '1234567890123456782'])
})
