import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, startChatServer } from '../../model/chat/misbehaving-server.ts'
import type { ChatServer, ChatServerOptions, Seen, Step } from '../../model/chat/misbehaving-server.ts'
import { vitestOutput } from '../../vitest/run-vitest.ts'
import { startHoldfast } from './holdfast-process.ts'

const here = (name: string): string => new URL(name, import.meta.url).pathname
const KEY = 'sk-live-Abc/12+34"x9'
const FORMS = [
  KEY,
  JSON.stringify(KEY).slice(1, -1),
  encodeURIComponent(KEY),
  Buffer.from(KEY).toString('base64'),
  Buffer.from(KEY).toString('hex'),
]
/** A key that was cut in half by shortening a message. */
const HALF = KEY.slice(0, 12)

let directory = ''
const servers: ChatServer[] = []
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'))
})
afterAll(async () => {
  for (const server of servers) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

const all = FORMS.join(' and ')
const message = (own: object): Step =>
  json(200, { model: KEY, choices: [{ finish_reason: 'stop', message: own }] }, { 'x-key': encodeURIComponent(KEY), server: 'proxy' })
const raw = (status: number, type: string, body: string): Step => {
  return (response) => response.writeHead(status, { 'content-type': type, location: `/login?key=${encodeURIComponent(KEY)}` }).end(body)
}
const events = (...parts: readonly string[]): string =>
  [
    ...parts.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ]
    .map((one) => `data: ${JSON.stringify(one)}\n\n`)
    .join('')

/** Everywhere that a server can send something back. */
const ECHOES: readonly Step[] = [
  message({ content: `The key is ${all}` }),
  message({ content: null, tool_calls: [{ id: KEY, function: { name: KEY, arguments: JSON.stringify({ key: all }) } }] }),
  message({ content: `${'x'.repeat(90)}${KEY}`, reasoning_content: all }),
  message({ content: null, refusal: all }),
  json(400, { error: { message: `wrong field for Bearer ${all}`, code: KEY, type: KEY } }),
  json(422, { detail: [{ loc: ['header', KEY], msg: all }] }),
  json(422, { detail: `no: ${all}` }),
  raw(400, 'text/html', `<p>${'x'.repeat(105)}Authorization: Bearer ${all}</p>`),
  raw(302, 'text/html', all),
  raw(200, 'text/html', `<p>${'x'.repeat(105)}${all}</p>`),
  raw(200, 'application/json', `{"choices": [${all}`),
  raw(200, 'text/event-stream', events('Bearer ', KEY.slice(0, 7), KEY.slice(7))),
  json(500, { error: { message: all } }, { 'retry-after': '0' }),
]

const isCase = ({ question }: Seen): boolean => question.startsWith('One more')
const echoing =
  (echoes: readonly Step[] = ECHOES): NonNullable<ChatServerOptions['behave']> =>
  (seen) => {
    const number = Number(/\d+/.exec(seen.question)?.[0] ?? 0) / 3
    return isCase(seen) ? (echoes[Math.floor(number) % (echoes.length + 1)] ?? null) : null
  }

async function start(options: ChatServerOptions): Promise<string> {
  const server = await startChatServer(options)
  servers.push(server)
  return server.url
}

/** What was printed and every file below the folder, in one text. */
function written(printed: string, folder: string): string {
  const texts = [printed]
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    texts.push(entry)
    const path = join(folder, entry)
    if (statSync(path).isFile()) texts.push(readFileSync(path, 'latin1'))
  }
  return texts.join('\n')
}

function contextOf(text: string, form: string): string {
  const at = text.indexOf(form)
  return at === -1 ? '' : text.slice(Math.max(0, at - 200), at + 100)
}

function expectNoKey(text: string): void {
  for (const form of [...FORMS, HALF]) expect(contextOf(text, form), form).toBe('')
  expect(text.includes('[redacted]')).toBe(true)
}

async function run(name: string, ...args: readonly string[]): Promise<string> {
  const reports = join(directory, name)
  const { out, error } = await startHoldfast(args, { reports, env: { HOLDFAST_API_KEY: KEY, HOLDFAST_STACK: '1' } }).ended
  return written(`${out}\n${error}`, reports)
}

test('eval writes the key nowhere, wherever the server sends it back', async () => {
  const url = await start({ behave: echoing() })
  const text = await run('eval', 'eval', here('./sums.eval.ts'), '--model', `${url}#scripted`, '--limit', '60')
  expectNoKey(text)
  expect(text.includes('COMPLETION_FAILED')).toBe(true)
})

test('eval writes no key that is part of the model’s name, and none of a refusal that ends it', async () => {
  const named = await start({ models: [`model-${KEY}`], behave: echoing() })
  expectNoKey(await run('named', 'eval', here('./sums.eval.ts'), '--model', named, '--limit', '6'))
  const refused = await start({ behave: (seen) => (isCase(seen) ? json(401, { error: { message: `Incorrect API key: ${all}` } }) : null) })
  expectNoKey(await run('refused', 'eval', here('./sums.eval.ts'), '--model', `${refused}#scripted`, '--limit', '6'))
})

test('eval writes no key that stands in the address', async () => {
  const address = `http://user:${encodeURIComponent(KEY)}@127.0.0.1:9/v1#m`
  const { error } = await startHoldfast(['eval', here('./sums.eval.ts'), '--model', address], { reports: directory }).ended
  const query = await startHoldfast(['eval', here('./sums.eval.ts'), '--model', `http://127.0.0.1:9/v1?api_key=${KEY}#m`], {
    reports: directory,
  }).ended
  for (const text of [error, query.error]) {
    expect(text).toContain('SERVER_REFERENCE_INVALID')
    for (const form of FORMS) expect(text).not.toContain(form)
  }
})

test('gate writes the key nowhere, its report included', async () => {
  const url = await start({ behave: echoing(ECHOES.slice(0, 6)) })
  const other = await start({ behave: echoing(ECHOES.slice(0, 6)), weights: () => 'other' })
  const models = ['--parent', `${url}#scripted`, '--candidate', `${other}#scripted`]
  const text = await run('gate', 'gate', here('./sums.suite.ts'), ...models)
  expectNoKey(text)
  expect(text.includes('report.html'), text.slice(0, 3000)).toBe(true)
})

test('an eval under vitest prints and writes no key', async () => {
  const reports = join(directory, 'vitest')
  const url = await start({
    behave: ({ nth, path }) => (path.endsWith('/models') || nth < 4 ? null : (ECHOES[nth % 4] ?? null)),
    logProbs: false,
    say: () => `Bearer ${KEY}`,
  })
  const root = new URL('../../vitest/evals-project', import.meta.url).pathname
  const flags = ['--reporter', 'default', '--reporter', 'junit', `--outputFile.junit=${join(reports, 'junit.xml')}`]
  const env = {
    EVALS_PROJECT_REPORTS: reports,
    EVALS_PROJECT_MODEL: `${url}#scripted`,
    HOLDFAST_API_KEY: KEY,
    HOLDFAST_COMPLETIONS: join(reports, 'completions'),
  }
  expectNoKey(written(await vitestOutput({ root, env, flags }), reports))
})
