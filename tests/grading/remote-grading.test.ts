import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import type { Completion, Tool } from '../../src/eval/completion.ts'
import type { Eval } from '../../src/eval/eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeCases } from '../../src/grading/grade-cases.ts'
import type { GradeCasesOptions } from '../../src/grading/grade-cases.ts'
import { readGrades } from '../../src/ledger/grade-file.ts'
import type { GenerateProgress, Model, ModelPrompt } from '../../src/model/model.ts'
import { scriptedModel } from '../model/scripted-model.ts'
import { addUp, CONTEXT, sumsEval } from './sums-eval.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-remote-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const SUMS = await sumsEval(50)
const fileOf = (name: string): string => join(directory, `${name}.jsonl`)
const run = (name: string, model: Model, changes: Partial<GradeCasesOptions> & { eval?: Eval } = {}) =>
  gradeCases({
    eval: SUMS,
    cases: SUMS.cases,
    purpose: 'gate',
    context: CONTEXT,
    chunkSize: 8,
    ...changes,
    model,
    ledgerFile: fileOf(name),
  })

/** The model elsewhere: a call is answered when the test says so. */
function heldModel(inner: Model): { readonly model: Model; readonly calls: (() => void)[] } {
  const calls: (() => void)[] = []
  const model: Model = {
    ...inner,
    remote: true,
    generate: async (...given) => {
      await new Promise<void>((resolve) => calls.push(resolve))
      return inner.generate(...given)
    },
  }
  return { model, calls }
}

const turns = async (): Promise<void> => {
  for (let count = 0; count < 50; count++) await turn()
}

test('gradeCases() asks a model elsewhere for the next chunks while one is out, and any other for one at a time', async () => {
  const { model, calls } = heldModel(scriptedModel(addUp))
  const grading = run('held', model)
  while (calls.length < 3) await turn()
  await turns()
  expect(calls.length).toBe(3)
  // Whatever comes first, records are in the order of the cases.
  calls[2]?.()
  await turns()
  expect(calls.length).toBe(3)
  calls[0]?.()
  while (calls.length < 4) await turn()
  await turns()
  expect(calls.length).toBe(4)
  calls[1]?.()
  for (let next = 3; next < 7; next++) {
    while (calls.length <= next) await turn()
    calls[next]?.()
  }
  await grading
  expect(calls.length).toBe(7)

  let [underWay, most] = [0, 0]
  const inner = scriptedModel(addUp)
  const local: Model = {
    ...inner,
    generate: async (...given) => {
      most = Math.max(most, ++underWay)
      await turn()
      underWay -= 1
      return inner.generate(...given)
    },
  }
  await run('local', local)
  expect(most).toBe(1)
  expect(readFileSync(fileOf('held'), 'utf8')).toBe(readFileSync(fileOf('local'), 'utf8'))
})

test('gradeCases() counts the completions of all chunks that are out', async () => {
  const reports: GenerateProgress[] = []
  await run('counted', { ...scriptedModel(addUp), remote: true }, { onProgress: (progress) => reports.push(progress) })
  expect(reports.at(-1)).toMatchObject({ done: 50, total: 50 })
  expect(reports.map(({ done }) => done)).toEqual(reports.map(({ done }) => done).toSorted((a, b) => a - b))
  expect(Math.max(...reports.map(({ done }) => done))).toBe(50)
})

test('gradeCases() keeps the chunks before the one in which a model elsewhere failed, and goes on later', async () => {
  let calls = 0
  const inner = scriptedModel(addUp)
  const failing: Model = {
    ...inner,
    remote: true,
    // The third and every later call fails, at once.
    generate: (...given) => (++calls >= 3 ? Promise.reject(new Error('gone')) : turns().then(() => inner.generate(...given))),
  }
  await expect(run('failing', failing)).rejects.toThrow('gone')
  expect((await readGrades(fileOf('failing'))).length).toBe(16)
  await run('failing', { ...inner, remote: true })
  expect(readFileSync(fileOf('failing'), 'utf8')).toBe(readFileSync(fileOf('local'), 'utf8'))
})

test('gradeCases() offers the eval’s tools to the model and records calls and usage, and neither where there is none', async () => {
  const tools: Tool[] = [{ name: 'add', parameters: { type: 'object' } }]
  const asked: ModelPrompt[] = []
  const hashed: unknown[] = []
  const calls = [{ id: 'call-1', name: 'add', arguments: '{"a":1' }]
  const inner = scriptedModel(addUp)
  const model: Model = {
    ...inner,
    renderedHash: (messages, given) => {
      hashed.push(given)
      return inner.renderedHash(messages, given)
    },
    generate: async (prompts, sampling) => {
      asked.push(...prompts)
      const answers = await inner.generate(prompts, sampling)
      const withCalls = (completion: Completion): Completion => ({
        ...completion,
        ...{ finishReason: 'tool-calls', toolCalls: calls, usage: { promptTokens: 7, completionTokens: 2 } },
      })
      return answers.map((group, at) => (at === 0 ? group.map(withCalls) : group))
    },
  }
  const withTools = await sumsEval(2, { tools, graders: [graders.custom('calls', ({ completion }) => completion.toolCalls?.length ?? 0)] })
  const records = await run('tools', model, { eval: withTools, cases: withTools.cases })
  expect(asked.map((prompt) => prompt.tools)).toEqual([tools, tools])
  expect(hashed).toEqual([tools, tools])
  expect(records.map(({ reward, toolCalls, usage }) => [reward, toolCalls, usage])).toEqual([
    [1, calls, { promptTokens: 7, completionTokens: 2 }],
    [0, undefined, undefined],
  ])
  expect(await readGrades(fileOf('tools'))).toEqual(records)
  const [, first, second] = readFileSync(fileOf('tools'), 'utf8').split('\n')
  expect([/"toolCalls"|"usage"/.test(first ?? ''), /"toolCalls"|"usage"/.test(second ?? '')]).toEqual([true, false])
  asked.length = 0
  const plain = await sumsEval(1)
  await run('no-tools', model, { eval: plain, cases: plain.cases })
  expect(Object.keys(asked[0] ?? {})).toEqual(['messages', 'seeds'])
})
