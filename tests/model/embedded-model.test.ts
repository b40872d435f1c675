import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message, Sampling } from '../../src/eval/completion.ts'
import { openEngine } from '../../src/engine/client.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openTokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import type { Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import { createEmbeddedModel } from '../../src/model/embedded-model.ts'
import type { Model } from '../../src/model/model.ts'
import { modelContract } from '../contracts/model.contract.ts'
import { SCRIPTED_IDENTITY } from './scripted-model.ts'
import { writeTinyModel } from './tiny-model.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-embedded-'))
const SAMPLING: Sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 24 }
const ask = (content: string): readonly Message[] => [{ role: 'user', content }]

let engine: Engine
let tokenizer: Tokenizer

beforeAll(async () => {
  writeTinyModel(directory)
  engine = await openEngine(directory, { threads: 1 })
  tokenizer = openTokenizer(directory)
})
afterAll(async () => {
  await engine.close()
  rmSync(directory, { recursive: true, force: true })
})

const open = (changes: Partial<Engine> = {}): Model =>
  createEmbeddedModel({ engine: { ...engine, ...changes }, tokenizer, weights: null, identity: SCRIPTED_IDENTITY })

modelContract('createEmbeddedModel()', () => Promise.resolve(open()))

test('createEmbeddedModel() keeps the stop token in the ids and out of the text', async () => {
  const ids = [...tokenizer.encode('Hello there'), engine.model.stopIds[0] as number]
  const spoken = { ids: Int32Array.from(ids), logProbs: new Float32Array(ids.length).fill(-0.5), finish: 'stop' as const }
  const [group] = await open({ generate: () => Promise.resolve([[spoken]]) }).generate([{ messages: ask('x'), seeds: [1] }], SAMPLING)
  expect(group).toEqual([{ text: 'Hello there', tokenIds: ids, logProbs: ids.map(() => -0.5), finishReason: 'stop' }])
})

test('createEmbeddedModel() gives no log-probabilities where the model computed none', async () => {
  const broken = { ids: Int32Array.of(5), logProbs: Float32Array.of(Number.NaN), finish: 'length' as const }
  const [group] = await open({ generate: () => Promise.resolve([[broken]]) }).generate([{ messages: ask('x'), seeds: [1] }], SAMPLING)
  expect(group?.[0]?.logProbs).toBe(null)
})

test('createEmbeddedModel() asks the engine for the rendered conversation, with the answer opened', async () => {
  let asked: readonly number[] = []
  const generate: Engine['generate'] = (request) => {
    asked = [...(request.prompts[0]?.ids ?? [])]
    return Promise.resolve([[]])
  }
  await open({ generate }).generate([{ messages: ask('Hi <eos>'), seeds: [] }], SAMPLING)
  expect(asked).toEqual([...tokenizer.renderChat(ask('Hi <eos>'), { addGenerationPrompt: true }).ids])
})

test('createEmbeddedModel() gives log-probabilities that scoring confirms', async () => {
  const [group] = await open().generate([{ messages: ask('Count to three'), seeds: [1, 2] }], SAMPLING)
  const prompt = tokenizer.renderChat(ask('Count to three'), { addGenerationPrompt: true }).ids
  const sequences = group!.map(({ tokenIds }) => ({ ids: Int32Array.from([...prompt, ...tokenIds]), promptLength: prompt.length }))
  const { logProb } = await engine.score({ weights: null, sequences, outputs: ['logProb'] })
  for (const [index, { logProbs }] of group!.entries()) {
    const difference = logProbs!.map((value, at) => Math.abs(value - (logProb?.[index]?.[at] as number)))
    expect(Math.max(...difference)).toBeLessThan(1e-4)
  }
})

test('createEmbeddedModel() closes neither engine nor weights', async () => {
  await open().close()
  expect((await open().generate([{ messages: ask('still there?'), seeds: [1] }], SAMPLING)).length).toBe(1)
})

test('createEmbeddedModel() gives no answer to a prompt that leaves no room for one, and answers the others as if it were not there', async () => {
  const long = { messages: ask('word '.repeat(engine.model.maxPositions)), seeds: [1, 2] }
  const others = [
    { messages: ask('Hello'), seeds: [3] },
    { messages: ask('there'), seeds: [4, 5] },
  ]
  const reports: number[] = []
  const [first, none, second] = await open().generate(
    [others[0] as typeof long, long, others[1] as typeof long],
    SAMPLING,
    ({ done, total }) => reports.push(done, total),
  )
  expect([first, second]).toEqual(await open().generate(others, SAMPLING))
  expect(none?.map(({ text, finishReason, whyFailed }) => ({ text, finishReason, code: whyFailed?.code }))).toEqual([
    { text: '', finishReason: 'error', code: 'PROMPT_TOO_LONG' },
    { text: '', finishReason: 'error', code: 'PROMPT_TOO_LONG' },
  ])
  expect(none?.[0]?.whyFailed?.message).toMatch(/^the prompt has \d+ tokens and may be answered with 24, the model has \d+ positions$/)
  expect(reports.slice(-2)).toEqual([5, 5])
})

test('createEmbeddedModel() refuses a limit that no prompt could fit beside', async () => {
  const limit = { ...SAMPLING, maxNewTokens: engine.model.maxPositions }
  await expect(open().generate([{ messages: ask('Hi'), seeds: [1] }], limit)).rejects.toMatchObject({ code: 'SEQUENCE_TOO_LONG' })
})
