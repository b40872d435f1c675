import { expect, test } from 'vitest'
import type { Case } from '../../../src/eval/case.ts'
import { intakeWarnings } from '../../../src/eval/cases/intake.ts'
import type { Eval } from '../../../src/eval/eval.ts'
import { failureOf, loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const brief = ({ id, role, cluster }: Case): unknown[] => [id, role, cluster]
const counts = ({ intake: { rows, skipped, dropped, numbered, conflicting } }: Eval): number[] => [
  rows,
  skipped.count,
  dropped.count,
  numbered.count,
  conflicting.count,
]

/** Many questions, so that roles by hash fall on all sides. */
const plain = Array.from({ length: 60 }, (_, n) => ({ input: `Question ${n}`, expected: `Answer ${n}` }))

test('loadEval() names equal rows and the setting that drops or numbers them', async () => {
  const cases = folder.write('equal.jsonl', lines([plain[0], plain[1], plain[0]]))
  expect(await failureOf({ cases }, folder.path)).toMatchInlineSnapshot(`
    "CASE_ID_DUPLICATE  Eval "sum" has two cases with the id "1a8a7c84b496b741", which are equal
      where  <dir>/equal.jsonl:1 and <dir>/equal.jsonl:3
      fix    onDuplicate: 'drop' leaves copies out and counts them, 'number' keeps them; rows without an id are named by their content"
  `)
})

test('loadEval() with onDuplicate "drop" leaves copies out, counts them, and moves no role', async () => {
  const before = await loadWith({ cases: folder.write('before.jsonl', lines(plain)) })
  const copies = plain.filter((_, n) => n % 3 === 0)
  const cases = folder.write('copies.jsonl', lines([...plain, ...copies, ...copies.map((row, n) => ({ id: `copy-${n}`, ...row }))]))
  const after = await loadWith({ cases, onDuplicate: 'drop' })
  expect(after.cases).toEqual(before.cases)
  expect(new Set(after.cases.map(({ role }) => role))).toEqual(new Set(['train', 'dev', 'gate']))
  expect(counts(after)).toEqual([100, 0, 40, 0, 0])
  expect(after.intake.dropped.first[0]).toMatch(/copies\.jsonl:61 repeats .*copies\.jsonl:1$/)
})

test('loadEval() with onDuplicate "number" keeps copies under ids of their own, in one cluster and one role with what they repeat', async () => {
  const before = await loadWith({ cases: folder.write('plain.jsonl', lines(plain)) })
  const cases = folder.write('numbered.jsonl', lines([...plain, ...plain, { id: 'own', ...plain[7] }]))
  const after = await loadWith({ cases, onDuplicate: 'number' })
  expect(after.cases.slice(0, 60).map(({ id, role }) => [id, role])).toEqual(before.cases.map(({ id, role }) => [id, role]))
  expect(after.cases.map(brief).slice(60, 120)).toEqual(before.cases.map(({ id, role }) => [`${id}#2`, role, id]))
  expect(after.cases[7]?.cluster).toBe(before.cases[7]?.id)
  expect(after.cases[120]).toMatchObject({ id: 'own', role: before.cases[7]?.role, cluster: before.cases[7]?.id })
  expect(counts(after)).toEqual([121, 0, 0, 60, 0])
})

test('loadEval() numbers ids that are taken again and again, around ids that are there', async () => {
  const cases = ['q', 'q', 'q#2', 'q', 'q#2'].map((id, n) => ({ id, input: n, expected: n, role: 'gate' as const }))
  const { cases: kept } = await loadWith({ cases, onDuplicate: 'number' })
  expect(kept.map(({ id }) => id)).toEqual(['q', 'q#2', 'q#2#2', 'q#3', 'q#2#3'])
})

test('loadEval() keeps and names rows that ask the same and expect something else, on one side', async () => {
  const other = plain.map(({ input }) => ({ input: ` ${input.toUpperCase()}`, expected: 'Another answer' }))
  const cases = folder.write('conflicts.jsonl', lines([...plain, ...other]))
  expect(await failureOf({ cases })).toMatch(/^CASES_SHARED[^]*onDuplicate: 'number' or 'drop'/)
  for (const onDuplicate of ['drop', 'number'] as const) {
    const loaded = await loadWith({ cases, onDuplicate })
    expect(counts(loaded)).toEqual([120, 0, 0, 0, 60])
    expect(loaded.cases.slice(60).map(({ role, cluster }) => [role, cluster])).toEqual(
      loaded.cases.slice(0, 60).map(({ id, role }) => [role, id]),
    )
  }
})

test('loadEval() with onDuplicate "drop" refuses one id for two different rows', async () => {
  const cases = folder.write(
    'differ.jsonl',
    lines([
      { id: 'a', input: 1, expected: 1 },
      { id: 'a', input: 1, expected: 2 },
    ]),
  )
  expect(await failureOf({ cases, onDuplicate: 'drop' }, folder.path)).toMatchInlineSnapshot(`
    "CASE_ID_DUPLICATE  Eval "sum" has two cases with the id "a", which differ in expected
      where  <dir>/differ.jsonl:1 and <dir>/differ.jsonl:2
      fix    give each case an id of its own; onDuplicate: 'number' does that, rows without an id are named by their content"
  `)
  expect((await loadWith({ cases, onDuplicate: 'number' })).cases.map(({ id }) => id)).toEqual(['a', 'a#2'])
})

test('loadEval() with onDuplicate never drops or moves what the files put on both sides', async () => {
  const cases = { train: folder.write('t.jsonl', lines([plain[0]])), gate: folder.write('g.jsonl', lines([{ id: 'g', ...plain[0] }])) }
  for (const onDuplicate of ['drop', 'number']) expect(await failureOf({ cases, onDuplicate })).toMatch(/^CASES_SHARED/)
})

test('loadEval() with onDuplicate leaves clusters and twins as they are written', async () => {
  const cases = [
    { id: 'a', input: 'x', expected: 1, cluster: 'k', role: 'gate' as const },
    { id: 'b', input: 'x', expected: 1, cluster: 'm', role: 'gate' as const },
    { id: 'c', input: 'x', expected: 2, role: 'gate' as const },
    { id: 't', input: 'x', expected: 1, role: 'twin' as const, twinOf: 'a' },
  ]
  const { cases: kept } = await loadWith({ cases, onDuplicate: 'number' })
  expect(kept.map(brief)).toEqual([
    ['a', 'gate', 'k'],
    ['b', 'gate', 'm'],
    ['c', 'gate', 'k'],
    ['t', 'twin', undefined],
  ])
})

test('loadEval() with onBadRow "skip" leaves rows out that are no cases, and counts them', async () => {
  const cases = folder.write('bad.jsonl', `${lines([plain[0]])}{"input":\n${lines([{ input: 1 }, plain[1], { ...plain[2], role: 'x' }])}`)
  const loaded = await loadWith({ cases, onBadRow: 'skip', roles: { gate: 1 } })
  expect(loaded.cases.map(({ input }) => input)).toEqual(['Question 0', 'Question 1'])
  expect(counts(loaded)).toEqual([5, 3, 0, 0, 0])
  const [warning] = intakeWarnings('sum', loaded.intake)
  expect(warning?.code).toBe('CASES_SKIPPED')
  expect(warning?.message.replaceAll(folder.path, '<dir>')).toMatchInlineSnapshot(`
    "Eval "sum": 3 of 5 rows are no cases and were left out
      where  <dir>/bad.jsonl:2 (A line of the cases of eval "sum" is not JSON: "{\\"input\\":"); <dir>/bad.jsonl:3 (A row of eval "sum" is not a case: expected: is missing or not a JSON value); <dir>/bad.jsonl:5 (A row of eval "sum" is not a case: role: Invalid option: expected one of "train"|"dev"|"curve"|"gate"|"twin")
      fix    mend these rows, or take them out of the file"
  `)
  expect(await failureOf({ cases }, folder.path)).toMatch(/^CASES_MALFORMED[^]*onBadRow: 'skip'/)
})

test('loadEval() with onBadRow "skip" loses one CSV row for one broken quote', async () => {
  const text = 'id,input,expected\na,"Q" he said,x\nb,"open,y\nc,R,z\nd,"S\nS",z\ne,T,u,v\nf,{"a":1},w\ng,U,v\n'
  const loaded = await loadWith({ cases: folder.write('quotes.csv', text), onBadRow: 'skip', roles: { gate: 1 } })
  expect(loaded.cases.map(({ id, input }) => [id, input])).toEqual([
    ['c', 'R'],
    ['d', 'S\nS'],
    ['g', 'U'],
  ])
  expect(counts(loaded)).toEqual([7, 4, 0, 0, 0])
})

test('loadEval() says why no row was left', async () => {
  const cases = folder.write('none.jsonl', lines([{ question: 'x' }, { question: 'y' }]))
  expect(await failureOf({ cases, onBadRow: 'skip' }, folder.path)).toMatchInlineSnapshot(`
    "CASES_EMPTY  Eval "sum" has no cases: all 2 rows were left out, first <dir>/none.jsonl:1 (A row of eval "sum" is not a case: input: is missing or not a JSON value; expected: is missing or not a JSON value; unknown member "question")
      where  evals/sum.eval.ts
      fix    mend the rows, or map them with fields"
  `)
})

test('intakeWarnings() is silent where every row is a case', async () => {
  const { intake } = await loadWith({ cases: plain, roles: { gate: 1 } })
  expect(intakeWarnings('sum', intake)).toEqual([])
})
