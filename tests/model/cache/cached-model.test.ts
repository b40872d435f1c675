import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Completion, Message, Sampling } from '../../../src/eval/completion.ts'
import { createCachedModel } from '../../../src/model/cache/cached-model.ts'
import type { CachedModelParts } from '../../../src/model/cache/cached-model.ts'
import type { GenerateProgress, Model, ModelPrompt } from '../../../src/model/model.ts'
import { modelContract } from '../../contracts/model.contract.ts'
import { scriptedModel } from '../scripted-model.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-cached-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const SAMPLED: Sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 12 }
const ask = (content: string, ...seeds: readonly number[]): ModelPrompt => ({ messages: [{ role: 'user', content }], seeds })

let count = 0

/** A model that counts what it is asked, and answers differently each time, so that a replayed answer is told from a new one. */
function counting(changes: (completion: Completion, question: string) => Completion = (one) => one): { model: Model; asked: string[] } {
  const asked: string[] = []
  const inner = scriptedModel((question) => `${question} ${count++}`)
  const generate: Model['generate'] = async (prompts, sampling, onProgress) => {
    const questionOf = ({ messages }: { readonly messages: readonly Message[] }): string => messages.at(-1)?.content ?? ''
    asked.push(...prompts.flatMap((prompt) => prompt.seeds.map((seed) => `${questionOf(prompt)}/${seed}`)))
    const groups = await inner.generate(prompts, sampling, onProgress)
    return groups.map((group, i) => group.map((one) => changes(one, questionOf(prompts[i] as ModelPrompt))))
  }
  return { model: { ...inner, generate }, asked }
}

const cached = (model: Model, changes: Partial<CachedModelParts> = {}): Model =>
  createCachedModel({ model, conditions: 'w', unit: 'completion', root, ...changes })

modelContract('createCachedModel() by call', () =>
  Promise.resolve(
    cached(
      scriptedModel((question, random) => `${question.length}:${Math.floor(random * 10)}`),
      { conditions: 'contract', unit: 'call' },
    ),
  ),
)

describe.each(['call', 'completion'] as const)('createCachedModel() by %s', (unit) => {
  test('answers a call that was made before from disk, across openings', async () => {
    const first = counting()
    const conditions = ['again', unit]
    const answer = await cached(first.model, { conditions, unit }).generate([ask('a', 1, 2), ask('b', 3), ask('c')], SAMPLED)
    const second = counting()
    const reports: GenerateProgress[] = []
    const again = await cached(second.model, { conditions, unit }).generate([ask('a', 1, 2), ask('b', 3), ask('c')], SAMPLED, (now) =>
      reports.push(now),
    )
    expect(again).toEqual(answer)
    expect(second.asked).toEqual([])
    expect(reports.at(-1)).toMatchObject({ done: 3, total: 3 })
  })

  test.each<[string, (parts: { prompt: ModelPrompt; sampling: Sampling }) => { prompt: ModelPrompt; sampling: Sampling }]>([
    ['another message', ({ sampling }) => ({ prompt: ask('b', 1), sampling })],
    ['another seed', ({ sampling }) => ({ prompt: ask('a', 2), sampling })],
    ['another temperature', ({ prompt, sampling }) => ({ prompt, sampling: { ...sampling, temperature: 0.5 } })],
    ['tools', ({ prompt, sampling }) => ({ prompt: { ...prompt, tools: [{ name: 'f', parameters: {} }] }, sampling })],
    ['a schema', ({ prompt, sampling }) => ({ prompt: { ...prompt, jsonSchema: {} }, sampling })],
    ['the same seed as second repeat', ({ sampling }) => ({ prompt: ask('a', 9, 1), sampling })],
  ])('asks again for %s', async (name, change) => {
    const { model, asked } = counting()
    const store = cached(model, { conditions: ['differ', unit, name], unit })
    await store.generate([ask('a', 1)], SAMPLED)
    const changed = change({ prompt: ask('a', 1), sampling: SAMPLED })
    await store.generate([changed.prompt], changed.sampling)
    expect(asked.length).toBe(1 + changed.prompt.seeds.length)
  })

  test('asks again under other conditions', async () => {
    const { model, asked } = counting()
    await cached(model, { conditions: ['weights 1', unit], unit }).generate([ask('a', 1)], SAMPLED)
    await cached(model, { conditions: ['weights 2', unit], unit }).generate([ask('a', 1)], SAMPLED)
    expect(asked.length).toBe(2)
  })

  test('never keeps a failure', async () => {
    for (const finishReason of ['error', 'content-filter'] as const) {
      const { model, asked } = counting((one) => ({ ...one, finishReason }))
      const conditions = ['failed', unit, finishReason]
      await cached(model, { conditions, unit }).generate([ask('a', 1)], SAMPLED)
      await cached(model, { conditions, unit }).generate([ask('a', 1)], SAMPLED)
      expect(asked).toEqual(['a/1', 'a/1'])
    }
  })
})

test('createCachedModel() by call keeps a prompt that is too long: on this engine it always will be', async () => {
  const whyFailed = { code: 'PROMPT_TOO_LONG', message: 'the prompt has 9 tokens' } as const
  const { model, asked } = counting((one, question) => (question === 'b' ? { ...one, finishReason: 'error', whyFailed } : one))
  const parts = { conditions: 'long', unit: 'call' } as const
  const first = await cached(model, parts).generate([ask('a', 1), ask('b', 1)], SAMPLED)
  expect(await cached(model, parts).generate([ask('a', 1), ask('b', 1)], SAMPLED)).toEqual(first)
  expect(asked).toEqual(['a/1', 'b/1'])
})

test('createCachedModel() by completion asks only for what is missing, and keeps the order', async () => {
  const { model, asked } = counting()
  const store = cached(model, { conditions: 'partial' })
  const [a] = await store.generate([ask('a', 1, 2)], SAMPLED)
  asked.length = 0
  const [c, again] = await store.generate([ask('c', 1), ask('a', 1, 2, 3)], SAMPLED)
  expect(asked).toEqual(['c/1', 'a/3'])
  expect(again?.slice(0, 2)).toEqual(a)
  expect([c?.[0]?.text, again?.[2]?.text].map((text) => text?.split(' ')[0])).toEqual(['c', 'a'])
})

test('createCachedModel() by call asks for the whole call when one of it is missing: its make-up decides', async () => {
  const { model, asked } = counting()
  const store = cached(model, { conditions: 'whole', unit: 'call' })
  await store.generate([ask('a', 1), ask('b', 1)], SAMPLED)
  await store.generate([ask('a', 1)], SAMPLED)
  await store.generate([ask('a', 1), ask('b', 1), ask('c', 1)], SAMPLED)
  expect(asked).toEqual(['a/1', 'b/1', 'a/1', 'a/1', 'b/1', 'c/1'])
})

test('createCachedModel() leaves the model behind it open to those who measure chance', async () => {
  const { model, asked } = counting()
  const store = cached(model, { conditions: 'noise' })
  await store.generate([ask('a', 1)], SAMPLED)
  await store.uncached?.generate([ask('a', 1)], SAMPLED)
  expect(asked.length).toBe(2)
})

/** A model that reports each answer as it comes, and fails at "fail". */
function arriving(answered: string[]): Model {
  const inner = scriptedModel((question) => question)
  return {
    ...inner,
    generate: async (prompts, sampling, onProgress) => {
      const groups: (readonly Completion[])[] = []
      for (const [prompt, asked] of prompts.entries()) {
        const question = asked.messages.at(-1)?.content ?? ''
        if (question === 'fail') throw new RangeError('failed')
        const [group = []] = await inner.generate([asked], sampling)
        answered.push(question)
        groups.push(group)
        const arrived = group.map((completion, seedIndex) => ({ prompt, seedIndex, completion }))
        onProgress?.({ done: prompt + 1, total: prompts.length, tokens: 0, arrived })
      }
      return groups
    },
  }
}

test('createCachedModel() by completion has each answer on disk when it arrives, whatever becomes of the call', async () => {
  const parts = { conditions: 'arriving', isUnchanged: () => Promise.resolve(true) }
  const questions = [ask('known', 1), ask('a', 1, 2), ask('b', 1), ask('fail', 1), ask('c', 1)]
  await cached(arriving([]), parts).generate([ask('known', 1)], SAMPLED)
  await expect(cached(arriving([]), parts).generate(questions, SAMPLED)).rejects.toThrow('failed')
  const answered: string[] = []
  const good = [ask('a', 1, 2), ask('b', 1), ask('c', 1)]
  const groups = await cached(arriving(answered), parts).generate(good, SAMPLED)
  expect(answered).toEqual(['c'])
  expect(groups.map((group) => group.map(({ text }) => text))).toEqual([['a', 'a'], ['b'], ['c']])
})

test('createCachedModel() keeps what arrived from a server that cannot be asked for its weights any more', async () => {
  const parts = { conditions: 'unreachable', isUnchanged: () => Promise.resolve(null) }
  await cached(arriving([]), parts).generate([ask('a', 1)], SAMPLED)
  const answered: string[] = []
  await cached(arriving(answered), { conditions: 'unreachable' }).generate([ask('a', 1)], SAMPLED)
  expect(answered).toEqual([])
})

test('createCachedModel() keeps nothing of weights that changed while they were asked, and replays nothing afterwards', async () => {
  let weights = 'old'
  const isUnchanged = (): Promise<boolean> => Promise.resolve(weights === 'old')
  const parts = { conditions: 'exchanged', isUnchanged }
  const first = counting()
  const store = cached(first.model, parts)
  await store.generate([ask('kept', 1)], SAMPLED)
  weights = 'new'
  await store.generate([ask('lost', 1)], SAMPLED)
  await store.generate([ask('kept', 1)], SAMPLED)
  expect(first.asked).toEqual(['kept/1', 'lost/1', 'kept/1'])
  weights = 'old'
  const second = counting()
  await cached(second.model, parts).generate([ask('kept', 1), ask('lost', 1)], SAMPLED)
  expect(second.asked).toEqual(['lost/1'])
})
