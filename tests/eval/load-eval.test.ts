import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import { casesOf, loadEval } from '../../src/eval/load-eval.ts'
import type { CaseInput } from '../../src/eval/case.ts'
import type { EvalOptions } from '../../src/eval/eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { startHub } from '../base/hub-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-eval-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const OPTIONS: EvalOptions = {
  name: 'sum',
  cases: [{ id: 'a', input: '1+1', expected: '2', role: 'gate' }],
  prompt: 'Add: {{input}}',
  graders: [graders.exactMatch()],
}

function load(changes: Record<string, unknown> = {}): ReturnType<typeof loadEval> {
  return loadEval(defineEval({ ...OPTIONS, ...changes }), { origin: 'evals/sum.eval.ts' })
}

async function failure(changes: Record<string, unknown>): Promise<string> {
  const error = await load(changes).then(
    () => 'no error',
    (reason: Error) => reason.message,
  )
  return error.replaceAll(directory, '<dir>')
}

function file(name: string, text: string): { cases: URL } {
  writeFileSync(join(directory, name), text)
  return { cases: pathToFileURL(join(directory, name)) }
}

const rows = (count: number): CaseInput[] =>
  Array.from({ length: count }, (_, index) => ({ input: `${index}+1`, expected: String(index + 1) }))

test('defineEval() checks and reads nothing', () => {
  expect(defineEval({ name: '', cases: new URL('file:///nowhere') } as unknown as EvalOptions).kind).toBe('holdfast.eval-definition')
})

test('loadEval() fills the documented defaults', async () => {
  const { passThreshold, sampling, repeats, chance, expectedFlips, cases, parse, demonstrations, messages } = await load()
  expect({ passThreshold, sampling, repeats, chance, expectedFlips, parse }).toEqual({
    passThreshold: 1,
    sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: 64 },
    repeats: 1,
    chance: 0,
    expectedFlips: 0.1,
    parse: null,
  })
  expect(cases).toEqual([{ id: 'a', input: '1+1', expected: '2', role: 'gate', tags: [] }])
  expect(messages.get('a')).toEqual([{ role: 'user', content: 'Add: 1+1' }])
  expect(demonstrations['in-format']?.({ ...cases[0]!, expected: { b: 1, a: 'x' } })).toBe('{"b":1,"a":"x"}')
  expect(demonstrations['in-format']?.({ ...cases[0]!, chosen: 'two' })).toBe('two')
})

test('loadEval() shares out cases without a role as 50 % train, 10 % dev, 40 % gate', async () => {
  const { cases } = await load({ cases: rows(4000) })
  const share = (role: string): number => cases.filter((row) => row.role === role).length / cases.length
  expect(share('train')).toBeCloseTo(0.5, 1)
  expect(share('dev')).toBeCloseTo(0.1, 1)
  expect(share('gate')).toBeCloseTo(0.4, 1)
})

test('loadEval() keeps the role of a case when other cases are added', async () => {
  const [few, many] = [await load({ cases: rows(20) }), await load({ cases: rows(200) })]
  expect(many.cases.slice(0, 20)).toEqual(few.cases)
})

test('loadEval() keeps a cluster in one role', async () => {
  const { cases } = await load({ cases: rows(400).map((row, index) => ({ ...row, cluster: `c${index % 20}` })) })
  for (let cluster = 0; cluster < 20; cluster++) {
    expect(new Set(cases.filter((row) => row.cluster === `c${cluster}`).map((row) => row.role)).size).toBe(1)
  }
})

test('loadEval() reads JSONL with a byte order mark, carriage returns, empty lines and U+2028 inside strings', async () => {
  const { cases } = await load(file('good.jsonl', '\ufeff{"input":"a\u2028b","expected":1}\r\n\r\n{"input":"c","expected":2}'))
  expect(cases.map((row) => row.input)).toEqual(['a\u2028b', 'c'])
})

test('loadEval() keeps a "__proto__" key of a case as data', async () => {
  const { cases } = await load(file('proto.jsonl', '{"id":"a","role":"gate","input":{"__proto__":{"x":1}},"expected":"y"}'))
  expect(Object.keys(cases[0]?.input as object)).toEqual(['__proto__'])
})

test('loadEval() renders a function prompt once per case', async () => {
  let calls = 0
  const prompt = async (): Promise<unknown> => [{ role: 'user', content: `call ${(calls += 1)}` }]
  const { messages } = await load({ prompt })
  expect([calls, messages.get('a')]).toEqual([1, [{ role: 'user', content: 'call 1' }]])
})

test('loadEval() refuses bad options', async () => {
  expect(await failure({ name: 'Sum!', passThreshold: 2, sampling: { topp: 1 }, promt: 'x' })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: name: must be 1 to 64 lower-case letters, digits and hyphens; passThreshold: Too big: expected number to be <=1; sampling: unknown member "topp"; unknown member "promt"
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
  expect(await failure({ graders: [{ name: 'x' }] })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: graders.0: must be a grader, for example graders.exactMatch(), with a weight above 0
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
  expect(await failure({ graders: [graders.exactMatch(), graders.exactMatch()] })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: two graders are called "exact-match"
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
  expect(await failure({ prompt: 7 })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: prompt: must be a template, a list of messages or a function
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
  expect(await failure({ cases: new URL('https://example.org/cases.jsonl') })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: cases: must be a list of cases, new URL('./cases.jsonl', import.meta.url), { dataset, revision, file }, a list of such files, or { train: …, gate: … } of these
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
})

test('loadEval() refuses an eval without graders', async () => {
  expect(await failure({ graders: [] })).toMatchInlineSnapshot(`
    "EVAL_WITHOUT_GRADERS  Eval "sum" has no graders
      where  evals/sum.eval.ts
      fix    add at least one grader, for example graders: [graders.exactMatch()]"
  `)
})

test('loadEval() names file and line of a line that is not JSON', async () => {
  expect(await failure(file('bad.jsonl', '{"input":1,"expected":1}\n{"input":2,\n'))).toMatchInlineSnapshot(`
    "CASES_MALFORMED  A line of the cases of eval "sum" is not JSON: "{\\"input\\":2,"
      where  <dir>/bad.jsonl:2
      fix    write one JSON object per line, without line breaks inside it; onBadRow: 'skip' leaves such rows out and counts them"
  `)
})

test('loadEval() names file and line of a row that is not a case', async () => {
  expect(await failure(file('row.jsonl', '{"input":1,"expected":1}\n\n{"inptu":2,"expected":1,"role":"test"}\n'))).toMatchInlineSnapshot(`
    "CASE_INVALID  A row of eval "sum" is not a case: input: is missing or not a JSON value; role: Invalid option: expected one of "train"|"dev"|"curve"|"gate"|"twin"; unknown member "inptu"
      where  <dir>/row.jsonl:3
      fix    a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; onBadRow: 'skip' leaves such rows out and counts them"
  `)
  expect(await failure({ cases: [{ id: 'a', input: new Date(0), expected: 1 }] })).toMatchInlineSnapshot(`
    "CASE_INVALID  A row of eval "sum" is not a case: input: is missing or not a JSON value
      where  evals/sum.eval.ts (case 1)
      fix    a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; onBadRow: 'skip' leaves such rows out and counts them"
  `)
})

test('loadEval() refuses a cases file that is not there', async () => {
  expect(await failure({ cases: pathToFileURL(join(directory, 'none.jsonl')) })).toMatchInlineSnapshot(`
    "CASES_UNREADABLE  The cases of eval "sum" cannot be read
      where  <dir>/none.jsonl
      fix    check the path: new URL('./cases.jsonl', import.meta.url) is relative to the eval file"
  `)
})

test('loadEval() refuses an eval without cases', async () => {
  expect(await failure({ cases: [] })).toMatchInlineSnapshot(`
    "CASES_EMPTY  Eval "sum" has no cases
      where  evals/sum.eval.ts
      fix    add cases"
  `)
})

test('loadEval() names both places of a duplicate id', async () => {
  expect(await failure(file('twice.jsonl', '{"id":"a","input":1,"expected":1}\n{"id":"a","input":2,"expected":1}\n')))
    .toMatchInlineSnapshot(`
      "CASE_ID_DUPLICATE  Eval "sum" has two cases with the id "a", which differ in input
        where  <dir>/twice.jsonl:1 and <dir>/twice.jsonl:2
        fix    give each case an id of its own; onDuplicate: 'number' does that, rows without an id are named by their content"
    `)
})

test('loadEval() refuses equal rows without ids', async () => {
  expect(await failure({ cases: [...rows(1), ...rows(1)] })).toContain('CASE_ID_DUPLICATE')
})

test('loadEval() refuses twins that could be trained on or name no case', async () => {
  const twin = (more: object): Promise<string> =>
    failure({ cases: [...(OPTIONS.cases as CaseInput[]), { id: 't', input: 'x', expected: '2', ...more }] })
  expect(await twin({ twinOf: 'a' })).toMatchInlineSnapshot(`
    "CASE_TWIN_INVALID  A twin of eval "sum" is not usable: it has twinOf but no role
      where  evals/sum.eval.ts (case 2)
      fix    a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself"
  `)
  expect(await twin({ twinOf: 'a', role: 'train' })).toMatchInlineSnapshot(`
    "CASE_TWIN_INVALID  A twin of eval "sum" is not usable: it has twinOf but role "train"
      where  evals/sum.eval.ts (case 2)
      fix    a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself"
  `)
  expect(await twin({ twinOf: 'b', role: 'twin' })).toMatchInlineSnapshot(`
    "CASE_TWIN_INVALID  A twin of eval "sum" is not usable: twinOf names "b", which is no case of this eval
      where  evals/sum.eval.ts (case 2)
      fix    a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself"
  `)
  expect(await twin({ role: 'twin' })).toMatchInlineSnapshot(`
    "CASE_TWIN_INVALID  A twin of eval "sum" is not usable: it has role "twin" but no twinOf
      where  evals/sum.eval.ts (case 2)
      fix    a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself"
  `)
  expect(await twin({ role: 'twin', twinOf: 't' })).toMatchInlineSnapshot(`
    "CASE_TWIN_INVALID  A twin of eval "sum" is not usable: twinOf names "t", which is a twin itself
      where  evals/sum.eval.ts (case 2)
      fix    a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself"
  `)
  expect(await twin({ role: 'twin', twinOf: 'a' })).toBe('no error')
})

test('loadEval() lists cases that are asked in training and in judgement', async () => {
  const cases = [
    { id: 't1', input: 'One  and ONE', expected: '2', role: 'train' },
    { id: 't2', input: 'two and two', expected: '4', role: 'train' },
    { id: 'g1', input: 'one and one ', expected: '2', role: 'gate' },
    { id: 'g2', input: 'three', expected: '3', role: 'gate' },
    { id: 'w2', input: 'Two and two', expected: '4', role: 'twin', twinOf: 'g2' },
  ]
  expect(await failure({ cases })).toMatchInlineSnapshot(`
    "CASES_SHARED  Eval "sum" asks the same in training and in judgement: "t1" (train) and "g1" (gate); "t2" (train) and "w2" (twin)
      where  evals/sum.eval.ts
      fix    remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space); onDuplicate: 'number' or 'drop' gives rows that ask the same one role"
  `)
})

test('casesOf() gives the cases of a role and refuses an empty one', async () => {
  const loaded = await load()
  expect(casesOf(loaded, 'gate').map((row) => row.id)).toEqual(['a'])
  expect(() => casesOf(loaded, 'dev')).toThrowErrorMatchingInlineSnapshot(`
    [RoleEmptyError: ROLE_EMPTY  Eval "sum" has no cases with role "dev"
      where  evals/sum.eval.ts
      fix    give some cases "role": "dev"; cases without a role are shared out as 50 % train, 10 % dev, 40 % gate by a hash of their cluster or id]
  `)
})

test('loadEval() reads a file of a data set on the hub', async () => {
  const hub = await startHub({
    'data/test.jsonl': { content: '{"id":"h","input":"1","expected":"2","role":"gate"}\n' },
    'data/test.csv': { content: 'q,a\n1,2\n' },
    'README.md': { content: 'x' },
  })
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HOLDFAST_CACHE', join(directory, 'cache'))
  const source = { dataset: 'org/thing', revision: 'main', file: 'data/test.jsonl' }
  expect((await load({ cases: source })).cases.map((row) => row.id)).toEqual(['h'])
  expect(hub.served).toEqual(['data/test.jsonl'])
  const table = { cases: { gate: { ...source, file: 'data/test.csv' } }, fields: { input: 'q', expected: 'a' } }
  expect((await load(table)).cases.map((row) => [row.input, row.expected, row.role])).toEqual([['1', '2', 'gate']])
  expect(await failure({ cases: { ...source, file: 'none.jsonl' } })).toContain('HUB_NOT_FOUND')
  vi.unstubAllEnvs()
  await hub.close()
})
