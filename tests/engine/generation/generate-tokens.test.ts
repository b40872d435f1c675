import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngineCore } from '../../../src/engine/core.ts'
import type { Engine, GeneratedTokens, GenerationPrompt, TokenSampling } from '../../../src/engine/engine.ts'

const FIXTURE = fileURLToPath(new URL('../fixtures/llama-tied', import.meta.url))
const PROMPT = Int32Array.of(1, 5, 9, 30, 7)
const SAMPLED: TokenSampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 12 }
const DRAWS = 6000

let engine: Engine
beforeAll(() => {
  engine = openEngineCore(FIXTURE, { threads: 1 })
})
afterAll(() => engine.close())

const generate = (prompts: readonly GenerationPrompt[], sampling: TokenSampling): Promise<readonly (readonly GeneratedTokens[])[]> =>
  engine.generate({ weights: null, prompts, sampling })

/** The model's own distribution over the token after PROMPT, computed by `score`. */
async function nextTokenProbabilities(temperature: number): Promise<number[]> {
  const sequences = Array.from({ length: 48 }, (_, id) => ({ ids: Int32Array.of(...PROMPT, id), promptLength: PROMPT.length }))
  const { logProb } = await engine.score({ weights: null, sequences, outputs: ['logProb'], temperature })
  return (logProb ?? []).map(([one]) => Math.exp(one as number))
}

/** Pearson's statistic over the tokens that are expected at least 5 times, and its degrees of freedom. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): { statistic: number; freedom: number } {
  let [statistic, bins] = [0, 0]
  for (const [id, probability] of probabilities.entries()) {
    const expected = probability * DRAWS
    if (expected < 5) continue
    bins++
    statistic += ((counts[id] as number) - expected) ** 2 / expected
  }
  return { statistic, freedom: bins - 1 }
}

async function drawFirstTokens(sampling: TokenSampling): Promise<number[]> {
  const seeds = Array.from({ length: DRAWS }, (_, seed) => seed)
  const [drawn] = await generate([{ ids: PROMPT, seeds }], { ...sampling, maxNewTokens: 1 })
  const counts = Array.from({ length: 48 }, () => 0)
  for (const { ids } of drawn ?? []) counts[ids[0] as number] = (counts[ids[0] as number] as number) + 1
  return counts
}

/** The distribution that top-k and top-p leave, as transformers truncates. */
function truncate(probabilities: readonly number[], topK: number, topP: number): number[] {
  const order = probabilities.map((_, id) => id).toSorted((a, b) => (probabilities[b] as number) - (probabilities[a] as number))
  const kept = order.slice(0, topK === 0 ? undefined : topK)
  const total = kept.reduce((sum, id) => sum + (probabilities[id] as number), 0)
  let mass = 0
  const nucleus = kept.filter((id) => {
    const before = mass
    mass += (probabilities[id] as number) / total
    return before < topP
  })
  const left = nucleus.reduce((sum, id) => sum + (probabilities[id] as number), 0)
  return probabilities.map((probability, id) => (nucleus.includes(id) ? probability / left : 0))
}

// The statistic's mean is its freedom, its deviation √(2 · freedom); four deviations above is less than one chance in a thousand.
test.each([
  { temperature: 1, topK: 0, topP: 1 },
  { temperature: 2.5, topK: 0, topP: 1 },
  { temperature: 1.5, topK: 7, topP: 1 },
  { temperature: 2.5, topK: 0, topP: 0.8 },
  { temperature: 2.5, topK: 12, topP: 0.7 },
])('generateTokens() draws from the distribution that it was asked for: %o', async (truncation) => {
  const probabilities = truncate(await nextTokenProbabilities(truncation.temperature), truncation.topK, truncation.topP)
  const counts = await drawFirstTokens({ ...SAMPLED, ...truncation })
  const { statistic, freedom } = chiSquare(counts, probabilities)
  expect(freedom).toBeGreaterThan(1)
  expect(statistic).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom))
  for (const [id, count] of counts.entries()) if (probabilities[id] === 0) expect(count).toBe(0)
})

test('generateTokens() draws a completion from its own seed, whatever else is in the request', async () => {
  const others = Array.from({ length: 9 }, (_, i) => ({ ids: Int32Array.of(1, 3 + i, 20), seeds: [100 + i] }))
  const [alone] = await generate([{ ids: PROMPT, seeds: [7] }], SAMPLED)
  const among = (await generate([...others, { ids: PROMPT, seeds: [6, 7] }], SAMPLED)).at(-1)
  expect(among?.[1]?.ids).toEqual(alone?.[0]?.ids)
  expect(among?.[0]?.ids).not.toEqual(alone?.[0]?.ids)
})

test('generateTokens() shares a prefill among the seeds of a prompt with the same results', async () => {
  const seeds = [1, 2, 3, 4]
  const [group] = await generate([{ ids: PROMPT, seeds }], SAMPLED)
  const single = await generate(
    seeds.map((seed) => ({ ids: PROMPT, seeds: [seed] })),
    SAMPLED,
  )
  expect(group).toEqual(single.flat())
})

test('generateTokens() refills slots from the queue and keeps the order of the request', async () => {
  const prompts = Array.from({ length: 150 }, (_, i) => ({
    ids: Int32Array.from({ length: 1 + (i % 9) }, (__, j) => (j === 0 ? 1 : 3 + ((i * 7 + j) % 45))),
    seeds: [i, 1000 + i],
  }))
  const together = await generate(prompts, SAMPLED)
  for (const i of [0, 8, 77, 149]) {
    const [alone] = await generate([prompts[i] as GenerationPrompt], SAMPLED)
    expect(together[i]?.map((one) => [...one.ids])).toEqual(alone?.map((one) => [...one.ids]))
  }
  const finishes = together.flat().map((one) => one.finish)
  expect(new Set(finishes)).toEqual(new Set(['stop', 'length']))
})

test('generateTokens() ends a completion with its stop token', async () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed)
  const [group] = await generate([{ ids: PROMPT, seeds }], { ...SAMPLED, temperature: 3 })
  const stopped = (group ?? []).filter((one) => one.finish === 'stop')
  expect(stopped.length).toBeGreaterThan(5)
  for (const { ids } of stopped) expect([...ids].indexOf(2)).toBe(ids.length - 1)
  for (const { ids } of (group ?? []).filter((one) => one.finish === 'length')) expect([...ids]).not.toContain(2)
})

test('generateTokens() fills the last position of the model and refuses one more', async () => {
  const ids = Int32Array.from({ length: 40 }, (_, i) => 3 + i)
  const [group] = await generate([{ ids, seeds: [1] }], { ...SAMPLED, maxNewTokens: 24 })
  expect(group?.[0]?.ids.length).toBeGreaterThan(0)
  await expect(generate([{ ids, seeds: [1] }], { ...SAMPLED, maxNewTokens: 25 })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [SequenceTooLongError: SEQUENCE_TOO_LONG  The sequence needs 65 positions, the model has 64
      where  prompts[0]
      fix    shorten the prompt or lower maxNewTokens]
  `)
})

test.each([{ temperature: -1 }, { topK: 1.5 }, { topP: 0 }, { maxNewTokens: 0 }])(
  'generateTokens() refuses sampling with %o',
  async (wrong) => {
    await expect(generate([{ ids: PROMPT, seeds: [1] }], { ...SAMPLED, ...wrong })).rejects.toMatchObject({
      code: 'ENGINE_REQUEST',
      where: 'sampling',
    })
  },
)

test('generateTokens() refuses a token outside the vocabulary', async () => {
  await expect(generate([{ ids: Int32Array.of(1, 48), seeds: [1] }], SAMPLED)).rejects.toThrowErrorMatchingInlineSnapshot(`
    [EngineRequestError: ENGINE_REQUEST  Token id 48 is outside the vocabulary of 48
      where  prompts[0]
      fix    encode the text with the model's own tokenizer]
  `)
})

test('generateTokens() gives nothing for a request without prompts', async () => {
  expect(await generate([], SAMPLED)).toEqual([])
})
