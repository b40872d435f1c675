import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { CaseInput } from '../../../src/eval/case.ts'
import { importProductionLog } from '../../../src/eval/import/production-log.ts'
import type { Imported } from '../../../src/eval/import/imported.ts'
import type { LogFields } from '../../../src/eval/import/log-row.ts'
import { loadWith, testFolder } from '../load.ts'

const folder = testFolder()
let count = 0

function importRows(rows: readonly unknown[], fields?: LogFields): Promise<Imported> {
  const text = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')
  return importProductionLog(fileURLToPath(folder.write(`log-${(count += 1)}.jsonl`, text)), fields)
}

async function casesOf(rows: readonly unknown[], fields?: LogFields): Promise<readonly CaseInput[]> {
  return (await importRows(rows, fields)).evals[0]?.cases ?? []
}

const user = (content: string): object => ({ role: 'user', content })

test('importProductionLog() reads a chat log with the response of a server', async () => {
  const [one] = await casesOf([
    {
      messages: [{ role: 'system', content: 'Be kind.' }, user('Hello?')],
      response: { id: 'r1', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi!' } }] },
      feedback: { rating: 'thumbs_up' },
      tags: ['web'],
    },
  ])
  expect(one).toEqual({
    id: expect.stringMatching(/^log-[0-9a-f]{16}$/) as string,
    input: 'Hello?',
    expected: 'Hi!',
    tags: ['web'],
    chosen: 'Hi!',
    thumb: 'up',
    turns: [{ role: 'system', content: 'Be kind.' }, user('Hello?')],
  })
})

test('importProductionLog() makes one case of rows that ask the same, with the liked and the disliked answer', async () => {
  const rows = [
    { prompt: 'Open?', completion: 'No idea', rating: -1 },
    { prompt: 'Open?', completion: 'Yes, until 8.', rating: 1 },
    { prompt: 'Open?', completion: 'Yes', rating: 1 },
    { prompt: 'Open?', completion: 'Yes, until 8.', rating: 1 },
    { prompt: 'Other?', completion: 'x', rating: 0 },
  ]
  const cases = await casesOf(rows)
  expect(
    cases.map(({ input, expected, chosen, rejected, thumb, role, tags }) => ({ input, expected, chosen, rejected, thumb, role, tags })),
  ).toEqual([
    {
      input: 'Open?',
      expected: 'Yes, until 8.',
      chosen: 'Yes, until 8.',
      rejected: 'No idea',
      thumb: undefined,
      role: undefined,
      tags: [],
    },
    { input: 'Other?', expected: null, chosen: undefined, rejected: 'x', thumb: 'down', role: 'train', tags: ['no-expected'] },
  ])
  expect((await casesOf(rows.toReversed())).map(({ id }) => id)).toEqual(expect.arrayContaining(cases.map(({ id }) => id)))
})

test('importProductionLog() takes pairs, corrections and unrated answers', async () => {
  const cases = await casesOf([
    { input: { q: 1 }, chosen: [user('x'), { role: 'assistant', content: 'good' }], rejected: 'bad' },
    { question: 'fix', response: 'wrong', feedback: 'down', correction: 'right' },
    { messages: [user('plain'), { role: 'assistant', content: 'last turn' }] },
  ])
  expect(cases.map(({ input, expected, chosen, rejected, tags, role }) => [input, expected, chosen, rejected, tags, role])).toEqual([
    [{ q: 1 }, 'good', 'good', 'bad', [], undefined],
    ['fix', 'right', undefined, 'wrong', [], undefined],
    ['plain', 'last turn', undefined, undefined, ['unrated'], 'train'],
  ])
})

test('importProductionLog() reads columns by a mapping, and tool calls as ours', async () => {
  const call = { id: 'c', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }
  const messages = [
    user('find a'),
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: 'A' }] },
  ]
  const [one] = await casesOf([{ req: { m: messages }, out: 'It is A', liked: true, score: -1 }], {
    messages: 'req.m',
    output: 'out',
    thumb: 'liked',
  })
  expect(one?.chosen).toBe('It is A')
  expect(one?.turns?.slice(1)).toEqual([
    { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'find', arguments: '{"a":1}' }] },
    { role: 'tool', content: 'A', toolCallId: 'c' },
  ])
})

test('importProductionLog() lists what it could not convert, with lines', async () => {
  const { notConverted, notes } = await importRows([
    'not json',
    { output: 'no question' },
    '',
    { messages: [user('q'), { role: 'robot', content: 'x' }] },
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }], response: 'x' },
    { input: 'never answered' },
    { input: 'tie', output: 'x', thumb: 'up' },
    { input: 'tie', output: 'x', thumb: 'down' },
    { input: 'fine', output: 'x', thumb: 'up' },
  ])
  expect(notConverted).toMatchInlineSnapshot(`
    [
      {
        "what": "the line is no JSON object",
        "where": "line 1",
      },
      {
        "what": "it does not say what was asked",
        "where": "line 2",
      },
      {
        "what": "its messages are no chat messages",
        "where": "line 4, line 5",
      },
      {
        "what": "it has no answer",
        "where": "line 6",
      },
      {
        "what": "as many people liked the answer as disliked it",
        "where": "line 7",
      },
    ]
  `)
  expect(notes[0]).toBe('8 rows asked 3 different questions and gave 1 cases, 0 of them with a chosen and a rejected answer.')
})

test('importProductionLog() gives cases that an eval loads and asks', async () => {
  const cases = await casesOf([{ messages: [user('a'), { role: 'assistant', content: 'b' }, user('c')], response: 'd', thumb: 'up' }])
  const loaded = await loadWith({ cases, prompt: undefined })
  expect(loaded.messages.get(loaded.cases[0]?.id ?? '')).toEqual([user('a'), { role: 'assistant', content: 'b' }, user('c')])
})

test('importProductionLog() refuses a file that is not there', async () => {
  await expect(importProductionLog('no/such.jsonl')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [ImportFileError: IMPORT_FILE_UNUSABLE  The file cannot be imported: it cannot be read
      where  no/such.jsonl
      fix    name a promptfoo configuration (YAML or JSON), an Inspect data set (JSONL, CSV) or log, or a JSONL log of production]
  `)
})

test('importProductionLog() keeps every digit, reads from and value, and names corrections that contradict an earlier one', async () => {
  const path = fileURLToPath(
    folder.write(
      'digits.jsonl',
      [
        '{"input":"order?","expected":12345678901234567}',
        '{"input":"order?","expected":12345678901234568}',
        '{"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}],"rating":1}',
      ].join('\n'),
    ),
  )
  const { evals, notConverted } = await importProductionLog(path)
  expect(evals[0]?.cases.map(({ input, expected }) => [input, expected])).toEqual([
    ['order?', '12345678901234567'],
    ['q', 'a'],
  ])
  expect(notConverted).toEqual([{ where: 'line 2', what: 'an earlier row corrects the same question differently: the first is kept' }])
  const latin = fileURLToPath(folder.write('latin.jsonl', Buffer.from('{"input":"caf\u00e9","output":"x"}\n', 'latin1')))
  await expect(importProductionLog(latin)).rejects.toThrow('it is no UTF-8 text')
})
