import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Case } from '../../../src/eval/case.ts'
import { failureOf, loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const brief = ({ id, input, expected }: Case): unknown[] => [id, input, expected]
const CSV = 'id,input,expected\na,Q,x\nb,"R\r\n,",y\n'
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

test.each([
  ['cases.tsv', 'id\tinput\texpected\na\tQ\tx\nb\t"R\r\n,"\ty\n'],
  ['cases.csv.gz', gzipSync(CSV)],
  ['cases.tsv.GZ', gzipSync(CSV.replaceAll(',', '\t').replace('\n\t"', '\n,"'))],
  ['semicolons.csv', 'id;input;expected\r\na;Q;x\r\nb;"R\r\n,";y\r\n'],
  ['excel.csv', 'sep=;\r\nid;input;expected\r\na;Q;x\r\nb;"R\r\n,";y\r\n'],
  ['utf16.csv', utf16(CSV)],
  ['rows.json', '\ufeff[{"id":"a","input":"Q","expected":"x"},\n{"id":"b","input":"R\\r\\n,","expected":"y"}]'],
  ['rows.json.gz', gzipSync('[{"id":"a","input":"Q","expected":"x"},{"id":"b","input":"R\\r\\n,","expected":"y"}]')],
  ['data.json', '{"version":"1","data":[{"id":"a","input":"Q","expected":"x"},{"id":"b","input":"R\\r\\n,","expected":"y"}]}'],
  ['lines.json', '{"id":"a","input":"Q","expected":"x"}\n\n{"id":"b","input":"R\\r\\n,","expected":"y"}'],
  ['lines.ndjson', '{"id":"a","input":"Q","expected":"x"}\r\n{"id":"b","input":"R\\r\\n,","expected":"y"}\r\n'],
  ['lines.jsonl.gz', gzipSync('{"id":"a","input":"Q","expected":"x"}\n{"id":"b","input":"R\\r\\n,","expected":"y"}\n')],
  ['utf16.jsonl', utf16('{"id":"a","input":"Q","expected":"x"}\n{"id":"b","input":"R\\r\\n,","expected":"y"}\n')],
  ['swapped.jsonl', utf16('{"id":"a","input":"Q","expected":"x"}\n{"id":"b","input":"R\\r\\n,","expected":"y"}\n').swap16()],
])('loadEval() reads %s', async (name, content) => {
  const { cases } = await loadWith({ cases: folder.write(name, content), roles: { gate: 1 } })
  expect(cases.map(brief)).toEqual([
    ['a', 'Q', 'x'],
    ['b', 'R\r\n,', 'y'],
  ])
})

test('loadEval() reads one row that a .json file writes over several lines or as its only line', async () => {
  const lines = folder.write('one.json', '{\n "id": "a",\n "input": [{"x":1}],\n "expected": "x"\n}\n')
  expect((await loadWith({ cases: lines })).cases.map(brief)).toEqual([['a', [{ x: 1 }], 'x']])
  const line = folder.write('line.json', '{"id":"a","input":[{"x":1}],"expected":"x"}')
  expect((await loadWith({ cases: line })).cases.map(brief)).toEqual([['a', [{ x: 1 }], 'x']])
})

test('loadEval() reads a table without a header by the columns that the eval names', async () => {
  const cases = folder.write('bare.csv', 'Q,x\n"R, S",y\n')
  const loaded = await loadWith({ cases, columns: ['input', 'expected'], roles: { gate: 1 } })
  expect(loaded.cases.map(({ input, expected }) => [input, expected])).toEqual([
    ['Q', 'x'],
    ['R, S', 'y'],
  ])
})

test('loadEval() takes quotes inside the cells of a .tsv file as they stand, and quoted cells apart', async () => {
  const cases = folder.write('quotes.tsv', 'id\tinput\texpected\na\t6" pipe\t{"n": 1}\nb\t"says ""hi"""\t"two\nlines"\nc\tlast\tx\n')
  expect((await loadWith({ cases })).cases.map(brief)).toEqual([
    ['a', '6" pipe', '{"n": 1}'],
    ['b', 'says "hi"', 'two\nlines'],
    ['c', 'last', 'x'],
  ])
})

test('loadEval() names the line of a CSV row whose quotes are broken', async () => {
  const cases = folder.write('rawjson.csv', 'id,input,expected\nok,Q,x\nmy,What is the date?,{"answer": "03/09/2024"}\n')
  expect(await failureOf({ cases }, folder.path)).toMatchInlineSnapshot(`
    "CASES_TABLE_BROKEN  The cases of eval "sum" are no readable table: "Invalid Opening Quote: a quote is found on field 2, value is \\"{\\""
      where  <dir>/rawjson.csv:3
      fix    a CSV file has a header and a row per case, quoted where a value holds commas, quotes or line breaks, with quotes doubled: "{""a"": 1}""
  `)
  const open = folder.write('open.csv', 'id,input,expected\na,"Q,x\nb,Q,y\n')
  expect(await failureOf({ cases: open }, folder.path)).toMatch(/^CASES_TABLE_BROKEN.*Quote Not Closed[^]*<dir>\/open\.csv:2/)
  const more = folder.write('more.tsv', 'id\tinput\texpected\na\tQ\tx\ty\n')
  expect(await failureOf({ cases: more }, folder.path)).toMatch(/^CASES_TABLE_BROKEN.*has 4 cells, the header 3[^]*<dir>\/more\.tsv:2/)
})

test('loadEval() refuses an ending that it does not know by name', async () => {
  expect(await failureOf({ cases: folder.write('cases.xlsx', 'PK') }, folder.path)).toMatchInlineSnapshot(`
    "CASES_FORMAT  The cases of eval "sum" are in no format that is read: its ending is .xlsx
      where  <dir>/cases.xlsx
      fix    formats are told by names: .jsonl (.ndjson), .json (a list of rows), .csv, .tsv, each also with .gz behind it, .parquet, or a directory"
  `)
  expect(await failureOf({ cases: folder.write('cases', '{}') }, folder.path)).toContain('its name has no ending')
  expect(await failureOf({ cases: folder.write('cases.jsonl.zst', '{}') }, folder.path)).toContain('its ending is .zst')
  expect(await failureOf({ cases: folder.write('cases.parquet.gz', '{}') }, folder.path)).toContain('unpack the .gz')
})

test('loadEval() says what is wrong with a file that is not of the format that its name says', async () => {
  const failure = (name: string, content: string | Uint8Array): Promise<string> =>
    failureOf({ cases: folder.write(name, content) }, folder.path)
  expect(await failure('broken.json', '[\n{"input":1,"expected":1},\n{"input":1,}\n]')).toMatch(
    /^CASES_FORMAT.*neither a JSON list nor lines of JSON[^]*<dir>\/broken\.json:3/,
  )
  expect(await failure('several.json', '{"a":[{"x":1}],"b":[{"x":1}]}')).toContain('one JSON object with several lists: "a", "b"')
  expect(await failure('none.json', '{\n"name":"x"}')).toContain('one JSON object with no list of rows')
  expect(await failure('numbers.json', '[1,2]')).toMatch(/^CASE_INVALID[^]*<dir>\/numbers\.json \(row 1\)/)
  expect(await failure('no.jsonl.gz', 'plain')).toContain('cannot be unpacked')
  expect(await failure('cut.jsonl.gz', gzipSync('{"input":1,"expected":2}\n').subarray(0, 30))).toContain('cannot be unpacked')
  expect(await failure('empty.json', '')).toMatch(/^CASES_EMPTY/)
  expect(await failure('empty.csv', '')).toMatch(/^CASES_EMPTY/)
  expect(await failure('empty.jsonl.gz', gzipSync(''))).toMatch(/^CASES_EMPTY/)
})

const LATIN = Buffer.from('id,input,expected\nb,ok,x\na,Caf\u00e9 \u00e0 la carte,\u20ac'.replace('\u20ac', '\u0080'), 'latin1')

test('loadEval() refuses text that is not UTF-8, with its line and the setting that reads it', async () => {
  expect(await failureOf({ cases: folder.write('latin1.csv', LATIN) }, folder.path)).toMatchInlineSnapshot(`
    "CASES_ENCODING  The cases of eval "sum" are not UTF-8: "a,Caf� � la carte,�"
      where  <dir>/latin1.csv:3
      fix    if a spreadsheet on Windows wrote the file, say encoding: 'windows-1252' in the eval, or convert it: iconv -f WINDOWS-1252 -t UTF-8"
  `)
  const lines = Buffer.from('{"input":"a","expected":"x"}\n{"input":"Caf\u00e9","expected":"x"}\n', 'latin1')
  expect(await failureOf({ cases: folder.write('latin1.jsonl', lines) }, folder.path)).toMatch(/^CASES_ENCODING[^]*<dir>\/latin1\.jsonl:2/)
  const list = Buffer.from('[{"input":"a",\n"expected":"\u00e9"}]', 'latin1')
  expect(await failureOf({ cases: folder.write('latin1.json', list) }, folder.path)).toMatch(/^CASES_ENCODING[^]*<dir>\/latin1\.json:2/)
  folder.write('latin/a.txt', Buffer.from('Caf\u00e9', 'latin1'))
  folder.write('latin/a.expected.txt', 'x')
  expect(await failureOf({ cases: new URL('latin', folder.write('x', '')) }, folder.path)).toMatch(
    /^CASES_ENCODING[^]*<dir>\/latin\/a\.txt:1/,
  )
  const own = folder.write('own.jsonl', '{"id":"a","input":"\ufffd","expected":"\u00e9"}\n')
  expect((await loadWith({ cases: own })).cases.map(brief)).toEqual([['a', '\ufffd', '\u00e9']])
})

test('loadEval() reads the encoding that the eval names', async () => {
  const { cases } = await loadWith({ cases: folder.write('windows.csv', LATIN), encoding: 'windows-1252' })
  expect(cases[1]).toMatchObject({ input: 'Caf\u00e9 \u00e0 la carte', expected: '\u20ac' })
  const japanese = folder.write(
    'sjis.csv',
    Buffer.concat([Buffer.from('input,expected\n'), Buffer.from([0x93, 0xfa, 0x96, 0x7b]), Buffer.from(',x\n')]),
  )
  expect((await loadWith({ cases: japanese, encoding: 'shift_jis' })).cases[0]?.input).toBe('日本')
  expect(await failureOf({ encoding: 'klingon' })).toContain('encoding: must be an encoding like windows-1252')
  const bare = folder.write('bare16.jsonl', Buffer.from('{"input":"a","expected":"\u00e9"}\n', 'utf16le'))
  expect(await failureOf({ cases: bare }, folder.path)).toContain("say encoding: 'utf-16le'")
  expect((await loadWith({ cases: bare, encoding: 'utf-16le' })).cases[0]?.expected).toBe('\u00e9')
})

test('loadEval() refuses rows with NUL bytes', async () => {
  const cases = folder.write('nul.csv', 'id,input,expected\na,Q\0,x\n')
  expect(await failureOf({ cases }, folder.path)).toMatch(/^CASE_INVALID.*NUL bytes[^]*<dir>\/nul\.csv:2/)
  const padded = folder.write('padded.jsonl', `{"input":1,"expected":1}\n${'\0'.repeat(64)}\n`)
  expect(await failureOf({ cases: padded }, folder.path)).toMatch(/^CASES_MALFORMED[^]*<dir>\/padded\.jsonl:2/)
})

test('loadEval() refuses a row whose JSON names a member twice', async () => {
  const cases = folder.write('twice.jsonl', '{"input":1,"expected":"a","expected":"b"}\n')
  expect(await failureOf({ cases }, folder.path)).toMatch(/^CASE_INVALID.*"expected" stands twice in one object[^]*<dir>\/twice\.jsonl:1/)
  const list = folder.write('twice.json', '[{"input":1,"expected":{"a":1,"a":2}}]')
  expect(await failureOf({ cases: list }, folder.path)).toContain('"a" stands twice in one object')
})

test('loadEval() refuses numbers of inline rows that JavaScript has rounded, and takes big integers', async () => {
  const rounded = Number('12345678901234567')
  const cases = [{ id: 'a', input: { order: [rounded] }, expected: 'x' }]
  expect(await failureOf({ cases })).toMatchInlineSnapshot(`
    "CASE_INVALID  A row of eval "sum" is not a case: input.order.0: 12345678901234568 is beyond 2^53, where JavaScript rounds: the number that was written may have been another one
      where  evals/sum.eval.ts (case 1)
      fix    write such numbers as text ('12345678901234567') or as big integers (12345678901234567n), or keep the rows in a file, which is read exactly"
  `)
  const big = [{ id: 'a', input: { order: [12_345_678_901_234_567n] }, expected: 9_007_199_254_740_991 }]
  expect((await loadWith({ cases: big })).cases.map(brief)).toEqual([['a', { order: ['12345678901234567'] }, 9_007_199_254_740_991]])
  const mapped = folder.write('mapped.jsonl', '{"q":"Q","n":12345678901234567}\n')
  const fields = { input: 'q', expected: (row: { readonly n: string }) => Number(row.n) }
  expect(await failureOf({ cases: mapped, fields }, folder.path)).toContain('expected: it: 12345678901234568 is beyond 2^53')
})
