import { afterAll, describe, expect, test } from 'vitest'
import type { Completion, Message, Sampling } from '../../../src/eval/completion.ts'
import { openChatModel } from '../../../src/model/chat/open-chat-model.ts'
import type { ChatModelOptions, OpenChatModel } from '../../../src/model/chat/open-chat-model.ts'
import { modelContract } from '../../contracts/model.contract.ts'
import { cut, cutInside, json, notJson, silent, startChatServer, trickle } from './misbehaving-server.ts'
import type { ChatServer, ChatServerOptions, Seen, Step } from './misbehaving-server.ts'

const SAMPLED: Sampling = { temperature: 0.7, topK: 0, topP: 1, maxNewTokens: 20 }
const GREEDY: Sampling = { ...SAMPLED, temperature: 0 }
const NOW = { 'retry-after': '0' }
const ask = (content: string): readonly Message[] => [{ role: 'user', content }]

const servers: ChatServer[] = []
afterAll(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function open(options: ChatServerOptions = {}, changes: ChatModelOptions = {}): Promise<OpenChatModel & { server: ChatServer }> {
  const server = await startChatServer(options)
  servers.push(server)
  const opened = await openChatModel(`${server.url}#scripted`, { key: null, fingerprint: false, retries: 1, ...changes })
  server.seen.length = 0
  return { ...opened, server }
}

/** One server misbehaves for the question "bad" only. */
const badOnly =
  (step: Step, times = Infinity) =>
  ({ question, nth }: Seen): Step | null =>
    question === 'bad' && nth < times ? step : null

async function answers(model: OpenChatModel, ...questions: readonly string[]): Promise<readonly Completion[]> {
  const groups = await model.model.generate(
    questions.map((question, seed) => ({ messages: ask(question), seeds: [seed] })),
    SAMPLED,
  )
  return groups.flat()
}

modelContract('openChatModel()', {
  open: async () => (await open()).model,
  gaps: { tokenIds: 'servers of this kind give text, not token ids' },
})

describe('openChatModel()', () => {
  test('generate() sends what decides a completion, and only what is set', async () => {
    const { model, server } = await open({}, { key: 'secret' })
    const tool = { name: 'look_up', parameters: { type: 'object' } }
    const messages: readonly Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: '', toolCalls: [{ id: null, name: 'look_up', arguments: '{}' }] },
      { role: 'tool', content: 'found' },
    ]
    await model.generate([{ messages, seeds: [7], tools: [tool] }], { temperature: 0.5, topK: 3, topP: 0.9, maxNewTokens: 4 })
    await model.generate([{ messages: ask('plain'), seeds: [8] }], { ...SAMPLED, maxNewTokens: 5 })
    expect(server.seen.map(({ path, key, body }) => ({ path, key, body }))).toEqual([
      {
        path: '/v1/chat/completions',
        key: 'Bearer secret',
        body: {
          ...{ model: 'scripted', max_tokens: 4, temperature: 0.5, top_p: 0.9, top_k: 3, seed: 7, stream: false, logprobs: true },
          tools: [{ type: 'function', function: tool }],
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Look.' },
            {
              role: 'assistant',
              content: '',
              tool_calls: [{ id: 'call_2_0', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
            },
            { role: 'tool', content: 'found', tool_call_id: 'call_2_0' },
          ],
        },
      },
      {
        path: '/v1/chat/completions',
        key: 'Bearer secret',
        body: {
          model: 'scripted',
          max_tokens: 5,
          temperature: 0.7,
          seed: 8,
          stream: false,
          logprobs: true,
          messages: [{ role: 'user', content: 'plain' }],
        },
      },
    ])
  })

  test('generate() gives text, log-probabilities, usage and why the answer ended', async () => {
    const opened = await open({ say: (question) => (question === 'long' ? 'x'.repeat(50) : 'abc') })
    const [short, long] = await answers(opened, 'short', 'long')
    expect(short).toMatchObject({ text: 'abc', tokenIds: [], finishReason: 'stop', usage: { promptTokens: 5, completionTokens: 3 } })
    expect(short?.logProbs?.length).toBe(3)
    expect(long).toMatchObject({ text: 'x'.repeat(20), finishReason: 'length' })
    expect(opened.model.spent?.()).toEqual({ promptTokens: 9, completionTokens: 23 })
  })

  test('generate() tells tool calls from text', async () => {
    const message = { content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] }
    const opened = await open({ behave: badOnly(json(200, { choices: [{ finish_reason: 'tool_calls', message }] })) })
    expect((await answers(opened, 'bad'))[0]).toEqual({
      text: '',
      tokenIds: [],
      logProbs: null,
      finishReason: 'tool-calls',
      toolCalls: [{ id: 'c1', name: 'f', arguments: '{"a":1}' }],
    })
  })

  test('generate() asks greedy prompts once for all seeds, and charges once', async () => {
    const { model, server } = await open()
    const [group] = await model.generate([{ messages: ask('hi'), seeds: [1, 2, 3] }], GREEDY)
    expect(server.seen.length).toBe(1)
    expect(group?.map(({ text }) => text)).toEqual(['2:0', '2:0', '2:0'])
    expect(group?.map(({ usage }) => usage?.completionTokens)).toEqual([3, undefined, undefined])
  })

  test.each<[string, Step]>([
    ['status 500', json(500, { error: { message: 'oops' } }, NOW)],
    ['status 503', json(503, {}, NOW)],
    ['status 429 with Retry-After', json(429, { error: { message: 'slow down' } }, NOW)],
    ['a cut connection', cut],
    ['a connection cut inside the answer', cutInside],
    ['invalid JSON', notJson],
    ['empty choices', json(200, { choices: [] })],
    ['a choice without a message', json(200, { choices: [{ finish_reason: 'stop' }] })],
  ])('generate() tries again after %s', async (_, step) => {
    const opened = await open({ behave: badOnly(step, 1) })
    expect((await answers(opened, 'bad')).map(({ finishReason }) => finishReason)).toEqual(['stop'])
    expect(opened.server.seen.length).toBe(2)
  })

  test.each<[string, Step, string]>([
    ['status 500 for good', json(500, { error: { message: 'oops' } }, NOW), 'status 500: oops'],
    ['a server that stays silent', silent, 'nothing came for 0.2 seconds'],
    ['bytes that never end', trickle, 'no whole answer within 0.8 seconds'],
    ['empty choices for good', json(200, { choices: [] }), 'it has no choices'],
    ['a context that is too long', json(400, { error: { message: 'context length is 10' } }), 'context length is 10'],
  ])('generate() gives a failed completion for %s, and the other cases theirs', async (_, step, reason) => {
    const opened = await open({ behave: badOnly(step) }, { timeoutMs: 200, caseTimeoutMs: 800, retries: 1 })
    const [good, bad, other] = await answers(opened, 'good', 'bad', 'other')
    const whyFailed = {
      code: reason.startsWith('context') ? 'PROMPT_TOO_LONG' : 'COMPLETION_FAILED',
      message: expect.stringContaining(reason),
    }
    expect(bad).toEqual({ text: '', tokenIds: [], logProbs: null, finishReason: 'error', whyFailed })
    expect([good?.finishReason, other?.finishReason]).toEqual(['stop', 'stop'])
  })

  test.each<[string, Step]>([
    ['a refused prompt', json(400, { error: { message: 'no', code: 'content_filter' } })],
    ['a filtered answer', json(200, { choices: [{ finish_reason: 'content_filter', message: { content: 'half of it' } }] })],
  ])('generate() gives content-filter for %s', async (_, step) => {
    const opened = await open({ behave: badOnly(step) })
    expect((await answers(opened, 'bad'))[0]).toMatchObject({ text: '', finishReason: 'content-filter' })
    expect(opened.server.seen.length).toBe(1)
  })

  test('generate() ends when the server fails every case', async () => {
    const opened = await open({ behave: ({ question }) => (question.startsWith('q') ? json(500, {}, NOW) : null) }, { retries: 0 })
    const questions = Array.from({ length: 80 }, (_, n) => `q${n}`)
    await expect(answers(opened, ...questions)).rejects.toMatchObject({ code: 'SERVER_GONE' })
  })

  test('generate() ends when nothing listens any more', async () => {
    const opened = await open({}, { retries: 0 })
    await opened.server.close()
    await expect(answers(opened, 'x')).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })

  test('opens the only model of a server, and asks which where there are several', async () => {
    const server = await startChatServer({ models: ['only'] })
    servers.push(server)
    expect((await openChatModel(server.url, { key: null, fingerprint: false })).name).toBe('only')
    const several = await startChatServer({ models: ['a', 'b'] })
    servers.push(several)
    await expect(openChatModel(several.url, { key: null })).rejects.toMatchObject({
      code: 'SERVER_MODEL_UNCLEAR',
      summary: 'The model server lists several models: "a", "b"',
    })
  })

  test('refuses a wrong key, an unknown model and an address where nothing listens', async () => {
    const locked = await startChatServer({ behave: () => json(401, { error: { message: 'who are you' } }) })
    const unknown = await startChatServer({ behave: () => json(404, { error: { message: 'no such model' } }) })
    servers.push(locked, unknown)
    await expect(openChatModel(`${locked.url}#m`, { key: 'wrong' })).rejects.toMatchObject({ code: 'SERVER_KEY_REFUSED' })
    await expect(openChatModel(`${unknown.url}#m`, { key: null })).rejects.toMatchObject({
      code: 'SERVER_MODEL_REFUSED',
      summary: expect.stringContaining('no such model'),
    })
    await locked.close()
    await expect(openChatModel(`${locked.url}#m`, { key: null, retries: 0 })).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })

  test('asks for text where the server has no chat, or when told to', async () => {
    const { model, server } = await open({ behave: ({ path }) => (path.endsWith('/chat/completions') ? json(404, {}) : null) })
    expect((await model.generate([{ messages: ask('once upon'), seeds: [1] }], GREEDY))[0]?.[0]?.text).toBe('9:0')
    expect(server.seen[0]).toMatchObject({ path: '/v1/completions', body: { prompt: 'once upon' } })
    const told = await startChatServer()
    servers.push(told)
    await openChatModel(`${told.url}?api=completions#m`, { key: null, fingerprint: false })
    expect(told.seen.map(({ path }) => path)).toEqual(['/v1/completions'])
  })

  test('asks in other words where the server does not know one of ours', async () => {
    const behave = ({ body }: Seen): Step | null => {
      if ('logprobs' in body) return json(400, { error: { message: 'logprobs is not supported' } })
      return 'max_tokens' in body ? json(400, { error: { message: 'use max_completion_tokens' } }) : null
    }
    const { model, server } = await open({ behave })
    const [group] = await model.generate([{ messages: ask('hi'), seeds: [1] }], GREEDY)
    expect(group?.[0]).toMatchObject({ text: '2:0', logProbs: null })
    expect(server.seen.map(({ body }) => Object.keys(body).toSorted())).toEqual([
      ['max_completion_tokens', 'messages', 'model', 'seed', 'stream', 'temperature'],
    ])
  })
})

describe('openChatModel() fingerprint', () => {
  const fingerprintOf = async (options: ChatServerOptions): Promise<OpenChatModel> => await open(options, { fingerprint: true })

  test('is equal for equal weights, another for other weights under the same name, and part of the identity', async () => {
    const first = await fingerprintOf({ weights: () => 'a' })
    const again = await fingerprintOf({ weights: () => 'a' })
    const other = await fingerprintOf({ weights: () => 'b' })
    expect(first.fingerprint.hash).toMatch(/^[0-9a-f]{16}$/)
    expect(again.fingerprint.hash).toBe(first.fingerprint.hash)
    expect(other.fingerprint.hash).not.toBe(first.fingerprint.hash)
    expect(first.model.identity.base).toBe(`scripted@${first.fingerprint.hash}`)
  })

  test('is not given where there are no log-probabilities, or other ones each time', async () => {
    const silentOne = await fingerprintOf({ logProbs: false })
    let count = 0
    const restless = await fingerprintOf({ weights: () => String(count++) })
    expect(silentOne.fingerprint.hash).toBe(null)
    expect(restless.fingerprint).toEqual({ hash: null, reason: 'it does not give the same log-probabilities twice' })
    expect(await restless.isUnchanged()).toBe(false)
  })

  test('isUnchanged() sees weights that were exchanged while the server ran', async () => {
    let weights = 'a'
    const opened = await fingerprintOf({ weights: () => weights })
    expect(await opened.isUnchanged()).toBe(true)
    weights = 'b'
    expect(await opened.isUnchanged()).toBe(false)
  })
})
