/**
 * @file What every Model must do, run by the tests of each implementation.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Completion, Message, Sampling } from '../../src/eval/completion.ts'
import type { GenerateProgress, Model, ModelPrompt } from '../../src/model/model.ts'

const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 8 }
const SAMPLED: Sampling = { ...GREEDY, temperature: 1 }

const ask = (content: string): readonly Message[] => [{ role: 'user', content }]
const PROMPTS: readonly ModelPrompt[] = [
  { messages: ask('What is 2 + 2?'), seeds: [1] },
  { messages: ask('Refill to JSON: please send more Xanax 20 mg for Ann.'), seeds: [2, 3, 4] },
  { messages: ask('Hi'), seeds: [] },
]

/** What a backend cannot do, each with its reason. `tokenIds`: its completions have text and no token ids. */
export interface ModelGaps {
  readonly tokenIds?: string
}

/** Runs the suite on the model that `open` gives; the model must give different answers to different prompts and seeds. */
export function modelContract(name: string, given: (() => Promise<Model>) | { open: () => Promise<Model>; gaps: ModelGaps }): void {
  const { open, gaps } = typeof given === 'function' ? { open: given, gaps: {} as ModelGaps } : given
  const hasIds = gaps.tokenIds === undefined
  describe(`${name} as a Model`, () => {
    let model: Model
    beforeAll(async () => {
      model = await open()
    })
    afterAll(() => model.close())

    test('generate() gives one completion for each seed of each prompt', async () => {
      const completions = await model.generate(PROMPTS, SAMPLED)
      expect(completions.map((group) => group.length)).toEqual([1, 3, 0])
    })

    test('generate() gives nothing for no prompts', async () => {
      expect(await model.generate([], GREEDY)).toEqual([])
    })

    test('generate() gives the same completions for the same call', async () => {
      expect(await model.generate(PROMPTS, SAMPLED)).toEqual(await model.generate(PROMPTS, SAMPLED))
    })

    test('generate() at temperature 0 does not depend on the seed', async () => {
      const [group] = await model.generate([{ messages: ask('Hello'), seeds: [5, 6] }], GREEDY)
      expect(group?.[0]?.text).toBe(group?.[1]?.text)
      expect(group?.[0]?.tokenIds).toEqual(group?.[1]?.tokenIds)
    })

    test('generate() at temperature 1 depends on the seed', async () => {
      const seeds = Array.from({ length: 12 }, (_, seed) => seed)
      const [group] = await model.generate([{ messages: ask('Hello'), seeds }], SAMPLED)
      expect(new Set(group?.map((completion) => completion.text)).size).toBeGreaterThan(1)
    })

    test('generate() keeps to maxNewTokens, and says so', async () => {
      const [group] = await model.generate([{ messages: ask('Hello'), seeds: [1] }], { ...GREEDY, maxNewTokens: 1 })
      expect(lengthOf(group?.[0])).toBe(1)
      for (const completion of (await model.generate(PROMPTS, SAMPLED)).flat()) {
        expect(lengthOf(completion)).toBeLessThanOrEqual(8)
        if (completion.finishReason === 'length') expect(lengthOf(completion)).toBe(8)
        else expect(completion.finishReason).toBe('stop')
      }
    })

    test('generate() gives a log-probability for each token id, or none at all', async () => {
      for (const { tokenIds, logProbs } of (await model.generate(PROMPTS, SAMPLED)).flat()) {
        if (logProbs === null) continue
        if (hasIds) expect(logProbs.length).toBe(tokenIds.length)
        else expect(tokenIds).toEqual([])
        expect(logProbs.every((value) => Number.isFinite(value) && value <= 1e-4)).toBe(true)
      }
    })

    test('generate() reports progress up to its total', async () => {
      const reports: GenerateProgress[] = []
      const completions = await model.generate(PROMPTS, SAMPLED, (progress) => reports.push(progress))
      const tokens = completions.flat().reduce((sum, completion) => sum + lengthOf(completion), 0)
      expect(reports.at(-1)).toMatchObject({ done: 4, total: 4, tokens })
      // A model may report answers before the call ends: then they are those that it gives in the end.
      for (const { prompt, seedIndex, completion } of reports.flatMap(({ arrived = [] }) => arrived))
        expect(completions[prompt]?.[seedIndex]).toEqual(completion)
    })

    test('renderedHash() is equal for equal messages and differs otherwise', () => {
      expect(model.renderedHash(ask('a'))).toMatch(/^[0-9a-f]{16}$/)
      expect(model.renderedHash(ask('a'))).toBe(model.renderedHash(ask('a')))
      expect(model.renderedHash(ask('a'))).not.toBe(model.renderedHash(ask('b')))
    })

    test('identity is plain data', () => {
      expect(JSON.parse(JSON.stringify(model.identity))).toEqual(model.identity)
    })

    test('close() may be called twice', async () => {
      await model.close()
      await expect(model.close()).resolves.toBeUndefined()
    })
  })
}

/** Tokens of a completion: its ids, or what the server counted. */
function lengthOf(completion: Completion | undefined): number {
  return completion?.usage?.completionTokens ?? completion?.tokenIds.length ?? 0
}
