import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importInspect } from '../../../src/eval/import/inspect.ts'
import { loadWith, testFolder } from '../load.ts'

const folder = testFolder()
const importText = (name: string, content: string | Uint8Array): ReturnType<typeof importInspect> =>
  importInspect(fileURLToPath(folder.write(name, content)))
const LOG = new URL('../fixtures/inspect-log.eval', import.meta.url)

test('importInspect() makes cases of a data set with texts, messages and several targets', () => {
  const { evals, notConverted } = importText(
    'data.jsonl',
    [
      '{"id":1,"input":"2+2","target":"4","metadata":{"x":1}}',
      '{"input":[{"role":"system","content":"S"},{"role":"user","content":"Capital?"}],"target":["Paris","paris"]}',
      '{"input":"tree","target":"x","sandbox":"docker","files":{"a":"b"}}',
      '{"target":"x"}',
    ].join('\n'),
  )
  expect(evals).toMatchObject([
    {
      prompt: null,
      graders: ['graders.oneOf()'],
      cases: [
        { id: '1', input: '2+2', expected: '4' },
        {
          input: 'Capital?',
          expected: ['Paris', 'paris'],
          turns: [
            { role: 'system', content: 'S' },
            { role: 'user', content: 'Capital?' },
          ],
        },
        { input: 'tree' },
      ],
    },
  ])
  expect(notConverted.map(({ where }) => where)).toEqual(['samples[2].sandbox, samples[2].files', 'samples[3]'])
})

test('importInspect() makes an eval of its own of samples with choices', async () => {
  const { evals } = importText('choices.csv', 'input,target,choices\nOpen,yes,\nPick,B,"[""red"", ""blue""]"\n')
  expect(evals.map(({ suffix, graders }) => [suffix, graders])).toEqual([
    ['', ['graders.exactMatch()']],
    ['-2', ['graders.label({ labels: ["A","B"] })']],
  ])
  const { cases, messages } = await loadWith({ cases: evals[1]?.cases, prompt: evals[1]?.prompt })
  expect(messages.get(cases[0]?.id ?? '')?.[0]?.content).toBe(
    'Pick\n\nA) red\nB) blue\n\nAnswer with the letter of the right choice alone.',
  )
})

test('importInspect() reads a log archive, one case for each sample whatever its epochs, with the scorers that it knows', () => {
  const { evals, notConverted } = importInspect(fileURLToPath(LOG))
  expect(evals).toMatchObject([
    {
      description: 'Imported from an Inspect log of riddles.',
      graders: ['graders.contains({ "match": "any", "ignoreCase": true, "wordBoundaries": false })'],
      cases: [
        { id: '1', input: 'Riddle 1?', expected: 'answer 1' },
        { id: '2', input: 'Riddle 2?', expected: 'answer 2' },
        { id: '3', input: 'Riddle 3?', expected: ['a', 'b'] },
      ],
    },
  ])
  expect(notConverted.map(({ where, what }) => `${where}: ${what}`)).toMatchInlineSnapshot(`
    [
      "eval "riddles": solvers and tools are Python: put their prompts into system, prompt and tools",
      "samples[4].sandbox: files and sandboxes of samples have no counterpart",
      "scorer "model_graded_qa": is judged by a model: add graders.judge with a judge of your own",
    ]
  `)
})

test('importInspect() reads a log as JSON', () => {
  const log = {
    eval: { task: 't', scorers: null },
    samples: [{ id: 'a', epoch: 1, input: 'x', target: 'y' }],
    results: { scores: [{ name: 'exact', scorer: 'exact' }] },
  }
  expect(importText('log.json', JSON.stringify(log)).evals[0]).toMatchObject({
    graders: ['graders.oneOf()'],
    cases: [{ id: 'a', expected: 'y' }],
  })
  expect(() => importText('other.json', '{"a":1}')).toThrow('neither a list of Inspect samples nor an Inspect log')
})

test('importInspect() refuses archives that it cannot unpack, and says how to convert them', () => {
  const failure = (name: string, content: string | Uint8Array): string => {
    try {
      importText(name, content)
      return 'no error'
    } catch (error) {
      return (error as Error).message.replaceAll(folder.path, '<dir>')
    }
  }
  expect(failure('none.eval', 'no archive at all, but longer than an end record')).toMatchInlineSnapshot(`
    "IMPORT_INSPECT_ARCHIVE  The Inspect log cannot be unpacked: it is no ZIP archive
      where  <dir>/none.eval
      fix    write it as JSON first: inspect log dump LOG.eval > log.json, then import log.json"
  `)
  const bytes = readFileSync(LOG)
  for (let cut = 0; cut < bytes.length; cut += 97) expect(failure('cut.eval', bytes.subarray(0, cut))).toMatch(/^IMPORT_INSPECT_ARCHIVE/)
  const other = Buffer.from(bytes)
  const entry = Buffer.from('PK\u0001\u0002')
  for (let at = other.indexOf(entry); at !== -1; at = other.indexOf(entry, at + 1)) other.writeUInt16LE(93, at + 10)
  expect(failure('zstd.eval', other)).toContain('an entry is packed by method 93')
  expect(failure('data.eval', bytes.subarray(0, 0))).toContain('it is no ZIP archive')
})

test('importInspect() keeps every digit of ids and targets, and names samples that contradict an earlier one', () => {
  const { evals, notConverted } = importText(
    'digits.jsonl',
    [
      '{"id":1234567890123456781,"input":"a","target":12345678901234567}',
      '{"id":1234567890123456782,"input":"b","target":1}',
      '{"id":1234567890123456782,"input":"b","target":1}',
      '{"id":1234567890123456782,"input":"b","target":2}',
    ].join('\n'),
  )
  expect(evals[0]?.cases.map(({ id, expected }) => [id, expected])).toEqual([
    ['1234567890123456781', '12345678901234567'],
    ['1234567890123456782', 1],
  ])
  expect(notConverted).toEqual([
    { where: 'samples[3]', what: 'an earlier sample with this id asks or expects something else: the first is kept' },
  ])
  expect(() => importText('latin.jsonl', Buffer.from('{"input":"caf\u00e9","target":"x"}', 'latin1'))).toThrow('it is no UTF-8 text')
})
