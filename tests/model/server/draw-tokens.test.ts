import { expect, test } from 'vitest'
import type { CompletionsRequest, ServedTokens } from '../../../src/model/server/completions-client.ts'
import { DRAW } from '../../../src/model/server/draw-tokens.ts'
import type { DrawRequest } from '../../../src/model/server/draw-tokens.ts'
import { ServerRefusedError } from '../../../src/model/server/errors.ts'

const SAMPLING = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 4 }
const PROMPTS = [
  { ids: [1, 2], seeds: [10, 11] },
  { ids: [3], seeds: [] },
  { ids: [4, 5], seeds: [12] },
]

/** A client whose completion of a prompt is the prompt's last token and its seed, and what it was asked. */
function recorder(): { readonly client: DrawRequest['client']; readonly asked: CompletionsRequest[] } {
  const asked: CompletionsRequest[] = []
  const one = (prompt: readonly number[], seed: number): ServedTokens => ({
    ids: [prompt.at(-1) ?? 0, seed],
    logProbs: [-1, -2],
    finish: 'length',
  })
  const complete: DrawRequest['client']['complete'] = (request) => {
    asked.push(request)
    const { prompts, seeds, seed = 0 } = request
    return Promise.resolve(prompts.flatMap((prompt, i) => (seeds?.[i] ?? [seed]).map((rowSeed) => one(prompt, rowSeed))))
  }
  return { client: { complete }, asked }
}

const request = (client: DrawRequest['client'], changes: Partial<DrawRequest> = {}): DrawRequest => ({
  ...{ client, name: 'm', stopIds: [2], prompts: PROMPTS, sampling: SAMPLING },
  ...changes,
})

test('DRAW.runner asks once for everything', async () => {
  const { client, asked } = recorder()
  const groups = await DRAW.runner(request(client))
  expect(groups.map((group) => group.map((one) => [...(one?.ids ?? [])]))).toEqual([
    [
      [2, 10],
      [2, 11],
    ],
    [],
    [[5, 12]],
  ])
  expect(asked).toEqual([{ model: 'm', prompts: [[1, 2], [3], [4, 5]], seeds: [[10, 11], [], [12]], sampling: SAMPLING, stopIds: [2] }])
})

test('DRAW.runner asks nothing when there is nothing to draw', async () => {
  const { client, asked } = recorder()
  expect(await DRAW.runner(request(client, { prompts: [{ ids: [1], seeds: [] }] }))).toEqual([[]])
  expect(asked).toEqual([])
})

test('DRAW.vllm asks for each sampled row with its own seed', async () => {
  const { client, asked } = recorder()
  const groups = await DRAW.vllm(request(client))
  expect(groups.map((group) => group.map((one) => [...(one?.ids ?? [])]))).toEqual([
    [
      [2, 10],
      [2, 11],
    ],
    [],
    [[5, 12]],
  ])
  expect(asked.map(({ prompts, seed, seeds }) => [prompts, seed, seeds])).toEqual([
    [[[1, 2]], 10, undefined],
    [[[1, 2]], 11, undefined],
    [[[4, 5]], 12, undefined],
  ])
})

test('DRAW.vllm asks greedy prompts once for all of their seeds, several a request', async () => {
  const { client, asked } = recorder()
  const prompts = Array.from({ length: 20 }, (_, i) => ({ ids: [i], seeds: i === 3 ? [] : [1, 2] }))
  const reports: unknown[] = []
  const sampling = { ...SAMPLING, temperature: 0 }
  const groups = await DRAW.vllm(request(client, { prompts, sampling, onProgress: (report) => reports.push(report) }))
  expect(groups.map((group) => group.map((one) => one?.ids[0]))).toEqual(prompts.map(({ ids, seeds }) => seeds.map(() => ids[0])))
  expect(asked.map(({ prompts: given, seed }) => [given.length, seed])).toEqual([
    [16, undefined],
    [3, undefined],
  ])
  expect(reports.at(-1)).toEqual({ done: 38, total: 38, tokens: 76 })
})

test.each([0, 1])(
  'DRAW.vllm at temperature %s gives null for a prompt that the server has no room for, and the others their tokens',
  async (temperature) => {
    const { client } = recorder()
    const complete: DrawRequest['client']['complete'] = (asked) => {
      if (!asked.prompts.some((prompt) => prompt.length > 2)) return client.complete(asked)
      const text = "This model's maximum context length is 2 tokens"
      return Promise.reject(new ServerRefusedError({ where: '/v1/completions', status: 400, serverCode: null, text }))
    }
    const prompts = [
      { ids: [1], seeds: [7, 8] },
      { ids: [1, 2, 3], seeds: [9, 9] },
      { ids: [4], seeds: [5] },
    ]
    const groups = await DRAW.vllm(request({ complete }, { prompts, sampling: { ...SAMPLING, temperature } }))
    const seeds = temperature === 0 ? [[0, 0], null, [0]] : [[7, 8], null, [5]]
    expect(groups.map((group) => (group.includes(null) ? null : group.map((one) => one?.ids[1])))).toEqual(seeds)
    expect(groups[1]).toEqual([null, null])
  },
)

test('DRAW.vllm ends with any other refusal', async () => {
  const refused = new ServerRefusedError({ where: '/v1/completions', status: 400, serverCode: null, text: 'no such field' })
  await expect(DRAW.vllm(request({ complete: () => Promise.reject(refused) }))).rejects.toBe(refused)
})
