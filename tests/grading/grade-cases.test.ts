import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { gradeCases } from '../../src/grading/grade-cases.ts'
import type { GradeCasesOptions } from '../../src/grading/grade-cases.ts'
import { readGrades } from '../../src/ledger/grade-file.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import type { GenerateProgress, Model } from '../../src/model/model.ts'
import { scriptedModel } from '../model/scripted-model.ts'
import { addUp, CONTEXT, sumsEval } from './sums-eval.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-grading-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const SUMS = await sumsEval(50)

function run(name: string, changes: Partial<GradeCasesOptions> = {}): Promise<readonly GradeRecord[]> {
  const model = scriptedModel(addUp)
  const ledgerFile = join(directory, `${name}.jsonl`)
  return gradeCases({ eval: SUMS, cases: SUMS.cases, model, purpose: 'gate', context: CONTEXT, ledgerFile, chunkSize: 8, ...changes })
}

/** The model, noting how many prompts each call had. */
function counting(model: Model, calls: number[]): Model {
  return {
    ...model,
    generate: (prompts, sampling, onProgress) => {
      calls.push(prompts.length)
      return model.generate(prompts, sampling, onProgress)
    },
  }
}

const bytes = (name: string): string => readFileSync(join(directory, `${name}.jsonl`), 'utf8')

test('gradeCases() writes one complete record per case, in order, and returns them', async () => {
  const records = await run('plain')
  expect(await readGrades(join(directory, 'plain.jsonl'))).toEqual(records)
  expect(records.map((record) => record.caseId)).toEqual(SUMS.cases.map((row) => row.id))
  expect(records.filter((record) => !record.pass).map((record) => record.caseId)).toEqual([
    'c0',
    'c7',
    'c14',
    'c21',
    'c28',
    'c35',
    'c42',
    'c49',
  ])
  expect(records[8]).toMatchInlineSnapshot(`
    {
      "arm": "sft",
      "audit": {},
      "caseId": "c8",
      "cluster": "k2",
      "completion": "9",
      "errorCode": null,
      "errorMessage": null,
      "eval": "sums",
      "extractionRule": "whole",
      "finishReason": "stop",
      "formatValid": true,
      "hashes": {
        "adapter": null,
        "base": "scripted",
        "case": "84d09e111cd9ec7c",
        "decoding": "d5e5a085901e9f62",
        "gold": "986b79d4b69dffb1",
        "grader": "65431e64cd6fafc1",
        "messages": "92eb368acfa4d513",
        "parent": null,
        "rendered": "5635f74d73a4d458",
        "sampling": "7c9cf65dc6a8b121",
      },
      "logProbs": [
        -0.5,
        -0.5,
      ],
      "pass": true,
      "passThreshold": 1,
      "profile": "eval",
      "purpose": "gate",
      "repeat": 0,
      "reward": 1,
      "round": "01-sums",
      "run": "r1",
      "seed": 3058095933,
      "setHash": "3282b8ac8efc3f73",
      "step": null,
      "subRewards": {},
      "suiteHash": "aaaa",
      "tags": [],
      "tokenIds": [
        57,
        0,
      ],
      "trainingSeeds": {
        "initialisation": 1,
        "order": 2,
        "sampling": 3,
      },
      "twinOf": null,
    }
  `)
})

test('gradeCases() asks the model in fixed chunks', async () => {
  const calls: number[] = []
  await run('chunks', { model: counting(scriptedModel(addUp), calls) })
  expect(calls).toEqual([8, 8, 8, 8, 8, 8, 2])
})

test('gradeCases() ends with the same bytes wherever the file was cut, asking only what was lost', async () => {
  await run('whole', { repeats: 2 })
  const whole = bytes('whole')
  const chunkEnds = [0]
  for (let line = 0, at = 0; at < whole.length;) {
    at = whole.indexOf('\n', at) + 1
    // The first line is the header.
    if (line++ > 0 && (line - 1) % 16 === 0) chunkEnds.push(at)
  }
  for (const cut of [0, 1, 500, ...chunkEnds.slice(1, 4), chunkEnds[2]! + 1, chunkEnds[3]! - 1, whole.length - 1, whole.length]) {
    writeFileSync(join(directory, 'cut.jsonl'), whole)
    truncateSync(join(directory, 'cut.jsonl'), cut)
    const calls: number[] = []
    const records = await run('cut', { repeats: 2, model: counting(scriptedModel(addUp), calls) })
    expect(bytes('cut')).toBe(whole)
    expect(records.length).toBe(100)
    const keptChunks = cut === whole.length ? 7 : chunkEnds.filter((end) => end <= cut).length - 1
    expect(calls.length).toBe(7 - keptChunks)
  }
})

test('gradeCases() gives each repeat of each case a seed of its own, the same for every model', async () => {
  const sampled = await sumsEval(20, { sampling: { temperature: 1 } })
  const script = (question: string, random: number): string => `${question} ${random}`
  const [one, other] = [
    await run('seeds-a', { eval: sampled, cases: sampled.cases, repeats: 3, model: scriptedModel(script) }),
    await run('seeds-b', {
      eval: sampled,
      cases: sampled.cases,
      repeats: 3,
      model: scriptedModel(script, { adapter: 'x' }),
      context: { ...CONTEXT, arm: 'grpo' },
    }),
  ]
  expect(new Set(one.map((record) => record.seed)).size).toBe(60)
  expect(new Set(one.map((record) => record.completion)).size).toBe(60)
  expect(other.map((record) => [record.caseId, record.repeat, record.seed])).toEqual(
    one.map((record) => [record.caseId, record.repeat, record.seed]),
  )
})

test('gradeCases() keeps a grade that could not be given as null with its code', async () => {
  const broken = await sumsEval(3, { parse: (text) => (text === '2' ? JSON.parse('{') : text) })
  const records = await run('null', { eval: broken, cases: broken.cases })
  expect(records.map(({ reward, pass, errorCode }) => [reward, pass, errorCode])).toEqual([
    [0, false, null],
    [null, null, 'PARSE_THREW'],
    [1, true, null],
  ])
})

test('gradeCases() counts progress over the whole grading, resumed chunks included', async () => {
  const reports: GenerateProgress[] = []
  await run('progress', { onProgress: (progress) => reports.push(progress) })
  expect(reports.at(-1)).toMatchObject({ done: 50, total: 50 })
  expect(reports.map(({ done }) => done)).toEqual(reports.map(({ done }) => done).toSorted((a, b) => a - b))
})

test('gradeCases() records nothing of a chunk in which the model failed, and goes on later', async () => {
  let calls = 0
  const model = scriptedModel(addUp)
  const failing: Model = {
    ...model,
    generate: (...given) => ((calls += 1) === 3 ? Promise.reject(new Error('gone')) : model.generate(...given)),
  }
  await expect(run('failing', { model: failing })).rejects.toThrow('gone')
  expect((await readGrades(join(directory, 'failing.jsonl'))).length).toBe(16)
  await run('failing')
  expect(bytes('failing')).toBe(bytes('plain'))
})

test('gradeCases() refuses recorded grades that were given under other conditions', async () => {
  const failure = async (changes: Partial<GradeCasesOptions>): Promise<string> => {
    await run('refuse')
    const error = await run('refuse', changes).catch((reason: Error) => reason)
    return error instanceof Error ? error.message.replaceAll(directory, '<dir>') : 'no error'
  }
  expect(await failure({ model: scriptedModel(addUp, { adapter: 'other' }) })).toMatchInlineSnapshot(`
    "GRADES_CHANGED  Recorded grades do not belong to what is being graded now: the hash "adapter" of case "c0" changed
      where  <dir>/refuse.jsonl:2
      fix    start a new run without --resume; if only a prompt function differs from call to call, make it give the same messages each time"
  `)
  expect(await failure({ context: { ...CONTEXT, suiteSeed: 8 } })).toContain('now: the seed changed')
  expect(await failure({ context: { ...CONTEXT, suiteHash: 'bbbb' } })).toContain('now: the suite changed')
  expect(await failure({ cases: SUMS.cases.toReversed() })).toContain('now: the cases or their order changed')
  const other = await sumsEval(50, { prompt: 'Add {{input}}' })
  expect(await failure({ eval: other })).toContain('the hash "messages" of case "c0" changed')
  const relabelled = SUMS.cases.map((row, index) => (index === 3 ? { ...row, tags: ['long'], cluster: 'c' } : row))
  expect(await failure({ cases: relabelled })).toContain('now: "cluster" of case "c3" changed')
  expect(await failure({ repeats: 2 })).toContain('the hash "decoding" of case "c0" changed')
  expect(await failure({ chunkSize: 16 })).toContain('the hash "decoding" of case "c0" changed')
})

test('gradeCases() refuses a recorded pass that does not follow from its reward', async () => {
  await run('flipped')
  const lines = bytes('flipped').split('\n')
  const { usual } = JSON.parse(lines[0] as string) as { usual: Record<string, unknown> }
  const line = JSON.parse(lines[5] as string) as Record<string, unknown>
  lines[5] = JSON.stringify({ ...line, pass: !(line['pass'] ?? usual['pass']) })
  writeFileSync(join(directory, 'flipped.jsonl'), lines.join('\n'))
  await expect(run('flipped')).rejects.toThrow(
    /^GRADES_CHANGED .* case "c4" has a pass that does not follow from its reward\n {2}where {2}.*:6\n/,
  )
})

test('gradeCases() names the line of a damaged record', async () => {
  await run('damaged')
  const lines = bytes('damaged').split('\n')
  lines[4] = '{}'
  writeFileSync(join(directory, 'damaged.jsonl'), lines.join('\n'))
  await expect(run('damaged')).rejects.toThrow(/^LEDGER_CORRUPT .*\n {2}where {2}.*damaged\.jsonl:5\n/)
})

test('gradeCases() holds a model to its contract', async () => {
  const silent: Model = { ...scriptedModel(addUp), generate: () => Promise.resolve([]) }
  await expect(run('silent', { model: silent })).rejects.toThrow('A model gave 0 completions for 1 seeds')
})
