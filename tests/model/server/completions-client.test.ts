import { afterEach, describe, expect, test } from 'vitest'
import { createCompletionsClient } from '../../../src/model/server/completions-client.ts'
import type { CompletionsClient } from '../../../src/model/server/completions-client.ts'
import { cut, json, silent, startMisbehavingServer, text } from './misbehaving-server.ts'
import type { MisbehavingServer, Step } from './misbehaving-server.ts'

const SAMPLING = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 4 }
const REQUEST = { model: 'base', prompts: [[1, 2]], sampling: SAMPLING, stopIds: [2] }
const CHOICE = { finish_reason: 'stop', token_ids: [7, 2], logprobs: { token_logprobs: [-0.5, -1], tokens: ['token_id:7', 'token_id:2'] } }
const GOOD = json(200, { choices: [CHOICE] })
const TOKENS = { ids: [7, 2], logProbs: [-0.5, -1], finish: 'stop' }
const NOW = { 'retry-after': '0' }

let server: MisbehavingServer | undefined
afterEach(() => server?.close())

async function clientOf(steps: readonly Step[], changes: { retries?: number; timeoutMs?: number } = {}): Promise<CompletionsClient> {
  server = await startMisbehavingServer(steps)
  return createCompletionsClient({ url: server.url, token: 'secret', timeoutMs: 10_000, retries: 2, ...changes })
}

describe('createCompletionsClient()', () => {
  test('complete() sends tokens and everything about drawing, and the token in the header', async () => {
    const client = await clientOf([GOOD])
    expect(await client.complete({ ...REQUEST, sampling: { temperature: 0.5, topK: 3, topP: 0.9, maxNewTokens: 4 }, seed: 11 })).toEqual([
      TOKENS,
    ])
    expect(server?.seen).toEqual([
      {
        path: '/v1/completions',
        authorization: 'Bearer secret',
        body: {
          ...{
            model: 'base',
            prompt: [[1, 2]],
            max_tokens: 4,
            temperature: 0.5,
            top_p: 0.9,
            top_k: 3,
            stop_token_ids: [2],
            n: 1,
            logprobs: 1,
            seed: 11,
          },
          ...{ add_special_tokens: false, skip_special_tokens: false, return_token_ids: true, return_tokens_as_token_ids: true },
        },
      },
    ])
  })

  test.each([
    ['status 500', json(500, { error: { message: 'oops' } }, NOW)],
    ['status 503', json(503, {}, NOW)],
    ['status 429 with Retry-After', json(429, { error: { message: 'busy' } }, NOW)],
    ['a cut connection', cut],
    ['lines that break off', text(200, '{"progress": {"done": 0, "total": 1, "tokens": 0}}\n', 'application/x-ndjson')],
  ])('complete() tries again after %s', async (_, step) => {
    const client = await clientOf([step, GOOD])
    expect(await client.complete(REQUEST)).toEqual([TOKENS])
    expect(server?.seen.length).toBe(2)
  })

  test('complete() gives up after its retries, and says what it heard', async () => {
    const client = await clientOf([json(500, { error: { message: 'out of luck' } }, NOW)])
    await expect(client.complete(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      summary: 'The model server gave no usable answer: "status 500: out of luck (tried 3 times)"',
    })
    expect(server?.seen.length).toBe(3)
  })

  test('complete() names the system’s reason when nothing listens', async () => {
    const client = await clientOf([GOOD], { retries: 0 })
    await server?.close()
    await expect(client.complete(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      summary: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('complete() counts silence as a failed try', async () => {
    const client = await clientOf([silent, GOOD], { timeoutMs: 200 })
    expect(await client.complete(REQUEST)).toEqual([TOKENS])
  })

  test.each([
    ['OpenAI’s shape', { error: { message: 'no such model', code: 'model_not_found' } }, 'no such model'],
    ['vLLM’s older shape', { object: 'error', message: 'no such model', code: 404 }, 'no such model'],
    ['the shape of web frameworks', { detail: 'Not Found' }, 'Not Found'],
    ['the shape of Ollama', { error: 'no such model' }, 'no such model'],
    ['another shape', { reason: 'Not Found' }, '{\\"reason\\":\\"Not Found\\"}'],
  ])('complete() does not try again what was refused, and quotes the server in %s', async (_, body, quoted) => {
    const client = await clientOf([json(404, body)])
    await expect(client.complete(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      data: { status: 404 },
      summary: expect.stringContaining(quoted),
    })
    expect(server?.seen.length).toBe(1)
  })

  test('complete() does not ask a server again that is out of memory', async () => {
    const client = await clientOf([json(503, { error: { message: 'CUDA out of memory', code: 'out_of_memory' } })])
    await expect(client.complete(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      data: { serverCode: 'out_of_memory' },
      fix: expect.stringContaining('4-bit'),
    })
    expect(server?.seen.length).toBe(1)
  })

  test.each([
    ['text that is no JSON', text(200, 'hello')],
    ['JSON of another shape', json(200, { choices: [{ text: 'hi' }] })],
    ['too few completions', json(200, { choices: [] })],
    [
      'text instead of token ids',
      json(200, { choices: [{ ...CHOICE, token_ids: null, logprobs: { token_logprobs: [-1], tokens: ['hi'] } }] }),
    ],
    ['fewer log-probabilities than tokens', json(200, { choices: [{ ...CHOICE, token_ids: [7, 8, 2] }] })],
    ['a line that is no JSON', text(200, 'hello\n', 'application/x-ndjson')],
  ])('complete() refuses %s', async (_, step) => {
    const client = await clientOf([step])
    await expect(client.complete(REQUEST)).rejects.toMatchObject({ code: 'SERVER_ANSWER_INVALID' })
    expect(server?.seen.length).toBe(1)
  })

  test('complete() reads token ids from the names of tokens where there are no others', async () => {
    const client = await clientOf([json(200, { choices: [{ ...CHOICE, token_ids: null }] })])
    expect(await client.complete(REQUEST)).toEqual([TOKENS])
  })

  test('complete() passes progress on, and gives the result or the error of the last line', async () => {
    const progress = { done: 1, total: 2, tokens: 9 }
    const lines = (last: unknown): Step => text(200, `${JSON.stringify({ progress })}\n${JSON.stringify(last)}\n`, 'application/x-ndjson')
    const client = await clientOf([lines({ result: { choices: [CHOICE] } }), lines({ error: { message: 'bad seeds' }, status: 400 })])
    const reports: unknown[] = []
    expect(await client.complete({ ...REQUEST, seeds: [[1]] }, (report) => reports.push(report))).toEqual([TOKENS])
    expect(reports).toEqual([progress])
    await expect(client.complete({ ...REQUEST, seeds: [[1]] })).rejects.toMatchObject({ code: 'SERVER_REFUSED', data: { status: 400 } })
  })

  test('loadAdapter() is content when the answer was lost but the adapter is there', async () => {
    const client = await clientOf([cut, json(200, { data: [{ id: 'base' }, { id: 'a' }] })])
    await client.loadAdapter('a', '/adapters/a')
    expect(server?.seen.map(({ path }) => path)).toEqual(['/v1/load_lora_adapter', '/v1/models'])
  })

  test('loadAdapter() loads again when the answer was lost and the adapter is not there', async () => {
    const client = await clientOf([cut, json(200, { data: [{ id: 'base' }] }), text(200, 'Success: LoRA adapter a added', 'text/plain')])
    await client.loadAdapter('a', '/adapters/a')
    expect(server?.seen.map(({ path }) => path)).toEqual(['/v1/load_lora_adapter', '/v1/models', '/v1/load_lora_adapter'])
    expect(server?.seen[2]?.body).toEqual({ lora_name: 'a', lora_path: '/adapters/a' })
  })

  test('score() refuses an answer without a number for each token', async () => {
    const client = await clientOf([json(200, { logProbs: [[-1]] })])
    const sequences = [{ ids: Int32Array.of(1, 2, 3), promptLength: 1 }]
    await expect(client.score('base', sequences)).rejects.toMatchObject({ code: 'SERVER_ANSWER_INVALID' })
  })

  test('complete() asks where the server is before every try', async () => {
    server = await startMisbehavingServer([json(500, {}, NOW), GOOD])
    const asked: number[] = []
    const url = (failedTries: number): Promise<string> => {
      asked.push(failedTries)
      return Promise.resolve(server?.url ?? '')
    }
    const client = createCompletionsClient({ url, token: null, timeoutMs: 10_000, retries: 2 })
    await client.complete(REQUEST)
    expect(asked).toEqual([0, 1])
    expect(server.seen[0]?.authorization).toBe(undefined)
  })
})
