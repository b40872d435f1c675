import { afterAll, describe, expect, test } from 'vitest'
import type { Completion } from '../../../src/eval/completion.ts'
import { openChatModel } from '../../../src/model/chat/open-chat-model.ts'
import type { ChatModelOptions } from '../../../src/model/chat/open-chat-model.ts'
import { json, startChatServer } from './misbehaving-server.ts'
import type { ChatServer, Step } from './misbehaving-server.ts'

const servers: ChatServer[] = []
afterAll(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** Asks ten questions; the sixth is refused as told. What came, or what ended it, and how often the server was asked. */
async function askTen(
  step: Step,
  changes: ChatModelOptions = {},
): Promise<{ came: readonly Completion[] | Error; asked: number; ms: number }> {
  const server = await startChatServer({ behave: ({ question }) => (question === 'q5' ? step : null) })
  servers.push(server)
  const { model } = await openChatModel(`${server.url}#scripted`, { key: null, fingerprint: false, ...changes })
  server.seen.length = 0
  const prompts = Array.from({ length: 10 }, (_, n) => ({ messages: [{ role: 'user' as const, content: `q${n}` }], seeds: [n] }))
  const began = performance.now()
  const came = await model.generate(prompts, { temperature: 0, topK: 0, topP: 1, maxNewTokens: 4 }).then(
    (groups) => groups.flat(),
    (error: unknown) => error as Error,
  )
  return { came, asked: server.seen.filter(({ question }) => question === 'q5').length, ms: performance.now() - began }
}

const said = (status: number, error: unknown, headers: Record<string, string> = {}): Step => json(status, { error }, headers)
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.'

describe('generate() ends at once, having asked once,', () => {
  test.each<[string, Step, string]>([
    [
      'for a used-up quota',
      said(429, { message: QUOTA, type: 'insufficient_quota', code: 'insufficient_quota' }),
      'SERVER_QUOTA_EXHAUSTED',
    ],
    ['for a used-up quota that only the type names', said(429, { message: 'no', type: 'insufficient_quota' }), 'SERVER_QUOTA_EXHAUSTED'],
    ['for a used-up quota that only the words name', said(429, { message: QUOTA }), 'SERVER_QUOTA_EXHAUSTED'],
    ['for an account without balance', said(402, { message: 'Insufficient Balance' }), 'SERVER_QUOTA_EXHAUSTED'],
    ['for a bill that is not paid', said(400, { message: 'Your credit balance is too low to access the API' }), 'SERVER_QUOTA_EXHAUSTED'],
    ['for a wait of an hour', said(429, { message: 'slow down' }, { 'retry-after': '3600' }), 'SERVER_PAUSE_TOO_LONG'],
    ['for a wait of an hour in words', said(429, { message: 'Please try again in 1h2m3s.' }), 'SERVER_PAUSE_TOO_LONG'],
    ['for a service that is closed for an hour', said(503, { message: 'maintenance' }, { 'retry-after': '3600' }), 'SERVER_PAUSE_TOO_LONG'],
    ['for a key that is refused', said(401, { message: 'expired' }), 'SERVER_KEY_REFUSED'],
    ['for a model that is gone', said(404, { message: 'no such model' }), 'SERVER_MODEL_REFUSED'],
  ])('%s', async (_, step, code) => {
    const { came, asked, ms } = await askTen(step)
    expect(came).toMatchObject({ code })
    expect(asked).toBe(1)
    expect(ms).toBeLessThan(5000)
  })
})

test('generate() waits for a limit that passes, though the server calls it a quota', async () => {
  let isFirst = true
  const passing: Step = (response) => {
    const step = isFirst
      ? said(429, { message: `${QUOTA} Please retry in 0.05s.` })
      : json(200, { choices: [{ message: { content: 'ok' } }] })
    isFirst = false
    step(response)
  }
  const { came, asked } = await askTen(passing)
  expect([Array.isArray(came) && came[5]?.text, asked]).toEqual(['ok', 2])
})

test.each<[string, Step, string, Completion['finishReason']]>([
  [
    'a prompt that is too long',
    said(400, { message: 'maximum context length is 10', code: 'context_length_exceeded' }),
    'PROMPT_TOO_LONG',
    'error',
  ],
  ['a prompt that is too large to send', said(413, { message: 'too large' }), 'PROMPT_TOO_LONG', 'error'],
  ['a prompt that is refused', said(400, { message: 'bad characters' }), 'COMPLETION_FAILED', 'error'],
])('generate() leaves one case without completion for %s', async (_, step, code, finishReason) => {
  const { came, asked } = await askTen(step)
  expect(came).toMatchObject(
    Array.from({ length: 10 }, (_one, n) => (n === 5 ? { finishReason, whyFailed: { code } } : { finishReason: 'stop' })),
  )
  expect(asked).toBe(1)
})

test('generate() leaves one case without completion that is flagged with status 403', async () => {
  const { came } = await askTen(said(403, { message: 'Your input was flagged' }))
  expect(Array.isArray(came) && came.map(({ finishReason }) => finishReason)[5]).toBe('content-filter')
})

test('generate() ends when the server turns everything away for too long, and tells why it waits', async () => {
  const waits: string[] = []
  const server = await startChatServer({
    behave: ({ question }) => (question === 'q' ? json(429, { error: { message: 'busy, try again in 2.5s' } }) : null),
  })
  servers.push(server)
  const onWait = (reason: string): void => void waits.push(reason)
  const { model } = await openChatModel(`${server.url}#scripted`, { key: null, fingerprint: false, busyMs: 3500, onWait })
  await expect(
    model.generate([{ messages: [{ role: 'user', content: 'q' }], seeds: [1] }], { temperature: 0, topK: 0, topP: 1, maxNewTokens: 4 }),
  ).rejects.toMatchObject({ code: 'SERVER_BUSY', summary: expect.stringMatching(/^The model server has turned every request away for \d/) })
  expect(waits[0]).toBe('status 429: busy, try again in 2.5s')
})
