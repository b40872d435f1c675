import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { failureOf, loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const fixture = (name: string): URL => new URL(`../fixtures/exact/${name}`, import.meta.url)
const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Readonly<Record<string, readonly unknown[]>>

/** The values of a column as cases have them; nulls stand for what is not there. */
async function column(file: string, name: string): Promise<unknown[]> {
  const rows = await loadWith({
    cases: fixture(file),
    fields: { input: (row: Readonly<Record<string, unknown>>) => [row[name] ?? null], expected: () => 'x' },
    onDuplicate: 'number',
    roles: { gate: 1 },
  })
  return rows.cases.map(({ input }) => (input as readonly unknown[])[0])
}

test.each(['dictionary.parquet', 'plain.parquet'].flatMap((file) => Object.keys(expected).map((name) => [file, name] as const)))(
  'loadEval() gives every value that pyarrow wrote to %s as %s, digit for digit',
  async (file, name) => {
    expect(await column(file, name)).toStrictEqual(expected[name])
  },
)

test('loadEval() gives exact values of Parquet columns by their names too', async () => {
  const { cases } = await loadWith({
    cases: fixture('plain.parquet'),
    fields: { id: 'integer', input: ['wide', 'struct.n'], expected: 'day' },
    onBadRow: 'skip',
  })
  expect(cases[0]).toMatchObject({
    id: '9007199254740991',
    input: { wide: '12345678901234567890.12', n: '1152921504606846977' },
    expected: '2026-01-02',
  })
})

test('loadEval() refuses a Parquet text that is not UTF-8', async () => {
  const bytes = readFileSync(fixture('plain.parquet'))
  const latin = Buffer.from(bytes.toString('latin1').replaceAll('\u00c3\u00a9', '\u00c3 '), 'latin1')
  expect(
    await failureOf({ cases: folder.write('latin.parquet', latin), fields: { input: 'text', expected: 'text' } }, folder.path),
  ).toMatch(/^CASES_TABLE_BROKEN.*a text is not UTF-8/)
})
