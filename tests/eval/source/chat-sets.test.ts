import { expect, test } from 'vitest'
import type { Eval } from '../../../src/eval/eval.ts'
import { ANY, failureOf, loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const chat = (question: string, answer: string): unknown[] => [
  { role: 'system', content: 'You help customers.' },
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
]
const left = ({ intake: { dropped, skipped, conflicting } }: Eval): number[] => [dropped.count, skipped.count, conflicting.count]

/** 1,148 rows of 68 questions, as chatbot sets have them: copies, other spellings of one question, several answers to it. */
const QUESTIONS = 68
const ROWS = Array.from({ length: 1148 }, (_, n) => {
  const question = `How do I return item ${n % QUESTIONS}?`
  return { question: n % 3 === 0 ? question.toUpperCase() : question, answer: `Answer ${n % 5}, with "quotes",\nand a second line.` }
})
const different = new Set(ROWS.map((row) => JSON.stringify(row))).size

/** What must hold of every load: nothing is lost unseen, and no question stands on two sides. */
function expectWhole(loaded: Eval): void {
  expect(loaded.intake.rows).toBe(ROWS.length)
  const sides = new Map<string, Set<string>>()
  for (const { input, role } of loaded.cases) {
    const key = JSON.stringify(input).toLowerCase()
    sides.set(key, (sides.get(key) ?? new Set()).add(role))
  }
  expect(sides.size).toBe(QUESTIONS)
  expect([...sides.values()].every(({ size }) => size === 1)).toBe(true)
  expect(new Set(loaded.cases.map(({ role }) => role))).toEqual(new Set(['train', 'dev', 'gate']))
}

test('loadEval() reads a set of chats with many copies by one mapping and one setting, which its errors name', async () => {
  const cases = folder.write('chats.jsonl', lines(ROWS.map(({ question, answer }) => ({ messages: chat(question, answer) }))))
  expect(await failureOf({ cases })).toMatch(/^CASE_INVALID.*\n.*\n {2}fix {4}say fields: \{ messages: 'messages' \}/)
  const fields = { messages: 'messages' }
  expect(await failureOf({ cases, fields, prompt: undefined })).toMatch(/^CASE_ID_DUPLICATE[^]*onDuplicate: 'drop'/)
  const dropped = await loadWith({ cases, fields, prompt: undefined, onDuplicate: 'drop' })
  expectWhole(dropped)
  expect(dropped.cases).toHaveLength(different)
  expect(left(dropped)).toEqual([ROWS.length - different, 0, different - QUESTIONS - spellings()])
  const numbered = await loadWith({ cases, fields, prompt: undefined, onDuplicate: 'number' })
  expectWhole(numbered)
  expect(numbered.cases).toHaveLength(ROWS.length)
  expect(numbered.cases[0]).toMatchObject({ input: 'HOW DO I RETURN ITEM 0?', expected: 'Answer 0, with "quotes",\nand a second line.' })
  expect(numbered.cases[0]?.turns?.map(({ role }) => role)).toEqual(['system', 'user'])
})

test('loadEval() asks for every column that a question stands in', async () => {
  for (const [row, first, second, answer] of [
    ['{"instruction":"x","input":"y","output":"z"}', 'instruction', 'input', 'output'],
    ['{"question":"x","choices":["a","b"],"answer":1}', 'question', 'choices', 'answer'],
    ['{"id":"1","context":"x","question":"y","answers":["z"]}', 'context', 'question', 'answers'],
  ] as const)
    expect(await failureOf({ cases: folder.write('parts.jsonl', `${row}\n`) })).toContain(
      `fix    say fields: { input: ['${first}', '${second}'], expected: '${answer}' } and prompt: '{{input.${first}}}\\n\\n{{input.${second}}}'`,
    )
})

test('loadEval() passes over the rows of empty cells with which spreadsheets end', async () => {
  const cases = folder.write('sheet.csv', 'Question,Answer\nWhat is 1?,1\n,\n  , \nWhat is 2?,2\n,,\n')
  const loaded = await loadWith({ cases, fields: { input: 'Question', expected: 'Answer' } })
  expect(Array.from(loaded.cases, ({ input, expected }) => [input, expected])).toEqual([
    ['What is 1?', '1'],
    ['What is 2?', '2'],
  ])
})

test('loadEval() says how a table without a header is read', async () => {
  expect(await failureOf({ cases: folder.write('bare.csv', '"What is 0?",0\n"What is 1?",1\n') })).toContain(
    "say columns: ['input', 'expected']",
  )
})

/** Different rows whose answer is that of the first row with their question: another spelling of it. */
function spellings(): number {
  const first = new Map<string, string>()
  const rows = [...new Map(ROWS.map((row) => [JSON.stringify(row), row])).values()]
  for (const { question, answer } of rows) if (!first.has(question.toLowerCase())) first.set(question.toLowerCase(), answer)
  return rows.filter(({ question, answer }) => first.get(question.toLowerCase()) === answer).length - QUESTIONS
}

test('loadEval() reads a table of questions and answers, with a header and without', async () => {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const rows = ROWS.map(({ question, answer }) => `${quote(question)},${quote(answer)}\n`).join('')
  const named = folder.write('faq.csv', `Question,Answer\n${rows}`)
  expect(await failureOf({ cases: named })).toContain("say fields: { input: 'Question', expected: 'Answer' }")
  const loaded = await loadWith({ cases: named, fields: { input: 'Question', expected: 'Answer' }, onDuplicate: 'drop' })
  expectWhole(loaded)
  expect(loaded.cases).toHaveLength(different)
  const bare = folder.write('bare.csv', rows)
  const same = await loadWith({ cases: bare, columns: ['input', 'expected'], onDuplicate: 'drop' })
  expect(same.cases).toEqual(loaded.cases)
})

test('loadEval() reads the patterns of an intents file one by one', async () => {
  const intents = Array.from({ length: 80 }, (_, n) => ({
    tag: `t${n}`,
    patterns: [`Hi ${n}`, `hello  ${n}`, `Hi ${n}`],
    responses: ['Hello!'],
  }))
  const cases = folder.write('intents.json', JSON.stringify({ intents }, null, 2))
  const loaded = await loadWith({ cases, fields: { each: 'patterns', input: 'patterns', expected: 'tag' }, onDuplicate: 'drop' })
  expect(loaded.cases).toHaveLength(160)
  expect(loaded.cases[1]).toMatchObject({ input: 'hello  0', expected: 't0' })
  expect(left(loaded)).toEqual([80, 0, 0])
  expect(await failureOf({ cases, fields: { each: 'tag', input: 'tag', expected: 'tag' } }, folder.path)).toContain(
    'each: the row has no list at "tag"',
  )
})

test('loadEval() reads from and value, calls, parts and several turns of chats, and skips what ends without an answer', async () => {
  const rows = [
    {
      conversations: [
        { from: 'human', value: 'Q' },
        { from: 'gpt', value: 'A' },
      ],
    },
    {
      conversations: [
        { from: 'human', value: '1' },
        { from: 'gpt', value: '2' },
        { from: 'human', value: '3' },
        { from: 'gpt', value: '4' },
      ],
    },
    {
      conversations: [
        { role: 'user', content: [{ type: 'text', text: 'Book' }] },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c', function: { name: 'book', arguments: '{"id":12345678901234567}' } }] },
      ],
    },
    { conversations: [{ from: 'human', value: 'Q' }] },
    { conversations: [] },
    { other: 1 },
  ]
  const cases = folder.write('sharegpt.jsonl', lines(rows))
  const read = { cases, fields: { messages: 'conversations' }, prompt: undefined, onBadRow: 'skip', roles: { gate: 1 }, graders: [ANY] }
  const loaded = await loadWith(read)
  expect(loaded.cases.map(({ input, expected, turns }) => [input, expected, turns?.length])).toEqual([
    ['Q', 'A', undefined],
    ['3', '4', 3],
    ['Book', { name: 'book', arguments: { id: '12345678901234567' } }, undefined],
  ])
  expect(left(loaded)).toEqual([0, 3, 0])
  expect(await failureOf({ cases, fields: { messages: 'conversations' }, prompt: undefined })).toContain(
    "the last turn is not the assistant's",
  )
})

test.each([
  ['{"instruction":"x","output":"y"}', "input: 'instruction', expected: 'output'"],
  ['{"prompt":"x","completion":"y"}', "input: 'prompt', expected: 'completion'"],
  ['{"Context":"x","Response":"y"}', "input: 'Context', expected: 'Response'"],
  ['{"text":"x","label":1}', "input: 'text', expected: 'label'"],
  ['{"conversations":[]}', "messages: 'conversations'"],
  ['{"tag":"x","patterns":["y"],"responses":["z"]}', "each: 'patterns', input: 'patterns', expected: 'tag'"],
  [
    '{"task_id":"x","prompt":"y","entry_point":"f","test":"z"}',
    "input: 'prompt', expected: (row) => ({ tests: row.test, entry: row.entry_point })",
  ],
])('loadEval() says which fields read rows like %s', async (row, fields) => {
  expect(await failureOf({ cases: folder.write('shape.jsonl', `${row}\n`) })).toContain(`fix    say fields: { ${fields} }`)
})
