import { afterAll, describe, expect, test } from 'vitest'
import type { Completion } from '../../../src/eval/completion.ts'
import { openChatModel } from '../../../src/model/chat/open-chat-model.ts'
import { startChatServer } from './misbehaving-server.ts'
import type { ChatServer, Step } from './misbehaving-server.ts'

const servers: ChatServer[] = []
afterAll(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const answer = (status: number, type: string | null, body: string, headers: Record<string, string> = {}): Step => {
  return (response) => response.writeHead(status, { ...(type === null ? {} : { 'content-type': type }), ...headers }).end(body)
}

async function ask(step: Step): Promise<Completion | undefined> {
  const server = await startChatServer({ behave: ({ question }) => (question === 'q' ? step : null) })
  servers.push(server)
  const { model } = await openChatModel(`${server.url}#scripted`, { key: null, fingerprint: false, retries: 0 })
  const prompt = { messages: [{ role: 'user' as const, content: 'q' }], seeds: [1] }
  return (await model.generate([prompt], { temperature: 0, topK: 0, topP: 1, maxNewTokens: 4 }))[0]?.[0]
}

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const delta = (content: string): unknown => ({ choices: [{ index: 0, delta: { content } }] })
const end = (reason: string): unknown => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })

describe('generate() reads an answer that was streamed unasked', () => {
  const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }
  const said = [': a comment\n\n', event(delta('six')), event(delta('teen')), event(end('stop')), event(usage), event('[DONE]')].join('')

  test.each(['text/event-stream; charset=utf-8', 'application/json', null])('as %s', async (type) => {
    expect(await ask(answer(200, type, said))).toEqual({
      text: 'sixteen',
      tokenIds: [],
      logProbs: null,
      finishReason: 'stop',
      usage: { promptTokens: 3, completionTokens: 2 },
    })
  })

  test('with lines that end as on Windows, cut at the length, with log-probabilities', async () => {
    const token = { choices: [{ index: 0, delta: { content: 'x' }, logprobs: { content: [{ token: 'x', logprob: -0.5 }] } }] }
    const body = [event(token), event(token), event(end('length')), event('[DONE]')].join('').replaceAll('\n', '\r\n')
    expect(await ask(answer(200, 'text/event-stream', body))).toMatchObject({ text: 'xx', logProbs: [-0.5, -0.5], finishReason: 'length' })
  })

  test('with tool calls in parts', async () => {
    const call = (own: unknown): unknown => ({ choices: [{ index: 0, delta: { tool_calls: [own] } }] })
    const body = [
      call({ index: 0, id: 'c0', function: { name: 'look', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"a":' } }),
      call({ index: 1, id: 'c1', function: { name: 'up', arguments: '{}' } }),
      call({ index: 0, function: { arguments: '1}' } }),
      end('tool_calls'),
    ]
    expect((await ask(answer(200, 'text/event-stream', body.map(event).join(''))))?.toolCalls).toEqual([
      { id: 'c0', name: 'look', arguments: '{"a":1}' },
      { id: 'c1', name: 'up', arguments: '{}' },
    ])
  })

  test('and calls one that broke off a failure', async () => {
    const broken = await ask(answer(200, 'text/event-stream', event(delta('half'))))
    expect(broken).toMatchObject({ finishReason: 'error', whyFailed: { message: 'the answer broke off' } })
  })
})

test('generate() reads JSON under another content type', async () => {
  const body = JSON.stringify({ choices: [{ message: { content: 'fine' }, finish_reason: 'stop' }] })
  expect((await ask(answer(200, 'text/plain', body)))?.text).toBe('fine')
})

test.each<[string, Step, string]>([
  [
    'a page instead of an answer',
    answer(200, 'text/html; charset=utf-8', '<!doctype html>\n<title>Sign in</title>'),
    'an answer that cannot be used: status 200, content type "text/html; charset=utf-8", beginning with "<!doctype html> <title>Sign in</title>"',
  ],
  [
    'a page that says it is JSON',
    answer(200, 'application/json', '<html>'),
    'it is not JSON: status 200, content type "application/json", beginning with "<html>"',
  ],
  ['nothing at all', answer(200, null, ''), 'an answer that cannot be used: status 200, no content type, without any content'],
  [
    'a way to another place',
    answer(302, null, '', { location: 'https://login.example/' }),
    'status 302: "it sends on to https://login.example/"',
  ],
])('generate() says what came for %s', async (_, step, message) => {
  const completion = await ask(step)
  expect(completion?.finishReason).toBe('error')
  expect(completion?.whyFailed?.message.replaceAll('\\"', '"')).toContain(message)
})
