/**
 * @file The runner's server over plain HTTP: who may ask, what is refused and how, what happens to models that cannot be loaded, and how it ends.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTrainerPython } from '../trainer-python.ts'

const python = await findTrainerPython()
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const FIXTURES = path('../../engine/fixtures')
const ADAPTER = join(FIXTURES, 'llama-tied', 'adapter')
const PROMPT = [1, 5, 6, 7]
const DRAW = { model: 'base', prompt: [PROMPT], max_tokens: 6, temperature: 1, return_token_ids: true }

interface Answer {
  readonly status: number
  readonly body: {
    readonly error?: { readonly message: string; readonly type: string; readonly param: null; readonly code: string }
    readonly choices: readonly { readonly token_ids: number[]; readonly logprobs: { readonly token_logprobs: (number | null)[] } | null }[]
    readonly data: readonly { readonly id: string }[]
    readonly kl: readonly (readonly number[])[]
    readonly usage: unknown
  }
}

describe.skipIf(python === null)('the runner’s server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-serve-'))
  let server: ChildProcess
  let url: string

  beforeAll(async () => {
    server = startRunner(['holdfast_runner.serve', writeSpec(directory, 'serve')])
    url = await addressOf(directory, 'serve')
  })
  afterAll(async () => {
    if (server.exitCode === null) await ended(server, () => server.kill('SIGKILL'))
    rmSync(directory, { recursive: true, force: true })
  })

  const ask = async (where: string, body?: unknown, token = 'secret'): Promise<Answer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = body === undefined ? {} : { method: 'POST', body: text }
    const response = await fetch(`${url}${where}`, { ...init, headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
  const draw = (changes: object): Promise<Answer> => ask('/v1/completions', { ...DRAW, ...changes })
  const tokensOf = ({ body }: Answer): number[][] => body.choices.map(({ token_ids: ids }) => ids)
  const names = async (): Promise<string[]> => (await ask('/v1/models')).body.data.map(({ id }) => id)
  const load = (name: string, lora: string): Promise<Answer> => ask('/v1/load_lora_adapter', { lora_name: name, lora_path: lora })
  const echo = async (model: string): Promise<unknown> =>
    (await ask('/v1/completions', { model, prompt: PROMPT, echo: true, max_tokens: 0, logprobs: 1 })).body.choices[0]?.logprobs
      ?.token_logprobs

  test('GET /health needs no token, everything else does', async () => {
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/v1/models`)).status).toBe(401)
    const error = { message: 'The bearer token is missing or wrong', type: 'invalid_request_error', param: null, code: 'invalid_api_key' }
    for (const where of ['/v1/completions', '/holdfast/score', '/v1/load_lora_adapter'])
      expect(await ask(where, DRAW, 'secreT')).toEqual({ status: 401, body: { error } })
  })

  test.each([
    ['a path that is not there', '/v1/chat/completions', {}, 404],
    ['a body that is no JSON', '/v1/completions', '{', 400],
    ['a body that is no object', '/v1/completions', [], 400],
    ['text as prompt', '/v1/completions', { ...DRAW, prompt: 'Hello' }, 400],
    ['an empty prompt', '/v1/completions', { ...DRAW, prompt: [[]] }, 400],
    ['n above 1', '/v1/completions', { ...DRAW, n: 2 }, 400],
    ['a negative temperature', '/v1/completions', { ...DRAW, temperature: -1 }, 400],
    ['seeds for another number of prompts', '/v1/completions', { ...DRAW, seeds: [[1], [2]] }, 400],
    ['a negative token id', '/holdfast/score', { model: 'base', sequences: [{ ids: [-1, 2], promptLength: 1 }] }, 400],
    ['a prompt longer than its sequence', '/holdfast/score', { model: 'base', sequences: [{ ids: [1, 2], promptLength: 3 }] }, 400],
    ['a sequence without a prompt', '/holdfast/kl', { model: 'base', sequences: [{ ids: [1, 2], promptLength: 0 }] }, 400],
    ['a model that is not served', '/v1/completions', { ...DRAW, model: 'other' }, 404],
    ['a token id beyond the vocabulary', '/v1/completions', { ...DRAW, prompt: [[1, 4000]] }, 500],
  ])('refuses %s', async (_, where, body, status) => {
    const answer = await ask(where, body)
    expect(answer.status).toBe(status)
    expect(answer.body.error?.message).toMatch(/\w/)
  })

  test('POST /v1/completions gives one choice for each seed of each prompt', async () => {
    const both = await draw({ prompt: [PROMPT, [1, 9]], seeds: [[4, 5], [6]], logprobs: 1 })
    expect(both.body.choices.map((choice, index) => ({ ...choice, index }))).toEqual(both.body.choices)
    expect(tokensOf(both)).toEqual([...tokensOf(await draw({ seeds: [4, 5] })), ...tokensOf(await draw({ prompt: [[1, 9]], seed: 6 }))])
    const drawn = tokensOf(both).flat().length
    expect(both.body.usage).toEqual({ prompt_tokens: 6, completion_tokens: drawn, total_tokens: 6 + drawn })
    expect(both.body.choices.map(({ logprobs }) => logprobs?.token_logprobs.length)).toEqual(tokensOf(both).map((ids) => ids.length))
  })

  test('POST /v1/completions gives the same in lines when progress is wanted', async () => {
    const body = JSON.stringify({ ...DRAW, seeds: [1, 2], stream_progress: true })
    const response = await fetch(`${url}/v1/completions`, { method: 'POST', body, headers: { authorization: 'Bearer secret' } })
    const lines = (await response.text()).trim().split('\n')
    const { result } = JSON.parse(lines.at(-1) ?? '') as { result: Answer['body'] }
    expect(tokensOf({ status: 200, body: result })).toEqual(tokensOf(await draw({ seeds: [1, 2] })))
    const refused = await fetch(`${url}/v1/completions`, {
      method: 'POST',
      body: body.replace('base', 'gone'),
      headers: { authorization: 'Bearer secret' },
    })
    expect(JSON.parse(await refused.text())).toMatchObject({ status: 404, error: { code: 'model_not_found' } })
  })

  test('POST /v1/completions gives its work up when the client has gone', async () => {
    const gone = new AbortController()
    const body = JSON.stringify({ ...DRAW, max_tokens: 1_000_000, temperature: 0, stop_token_ids: [47_000], stream_progress: true })
    const long = fetch(`${url}/v1/completions`, { method: 'POST', body, headers: { authorization: 'Bearer secret' }, signal: gone.signal })
    const reader = (await long).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"progress"')
    gone.abort()
    expect((await draw({})).status).toBe(200)
  })

  test('POST /v1/load_lora_adapter serves an adapter under its name until it is unloaded', async () => {
    const base = await echo('base')
    expect((await load('one', ADAPTER)).status).toBe(200)
    expect((await load('one', ADAPTER)).body.error?.message).toBe("The adapter 'one' has already been loaded")
    expect((await load('base', ADAPTER)).status).toBe(400)
    expect((await load('two', join(FIXTURES, 'qwen2', 'adapter'))).status).toBe(200)
    expect(await names()).toEqual(['base', 'one', 'two'])
    const [one, two] = [await echo('one'), await echo('two')]
    expect(await echo('base')).toEqual(base)
    expect(one).not.toEqual(base)
    expect(one).not.toEqual(two)
    expect((await ask('/v1/unload_lora_adapter', { lora_name: 'one' })).status).toBe(200)
    expect((await ask('/v1/unload_lora_adapter', { lora_name: 'one' })).status).toBe(404)
    expect(await echo('two')).toEqual(two)
    expect((await load('one', ADAPTER)).status).toBe(200)
    expect(await echo('one')).toEqual(one)
    for (const name of ['one', 'two']) await ask('/v1/unload_lora_adapter', { lora_name: name })
    expect(await echo('base')).toEqual(base)
  })

  test('POST /v1/load_lora_adapter leaves the base as it was when an adapter does not fit', async () => {
    const base = await echo('base')
    const misfit = join(directory, 'misfit')
    const { writePeftAdapter } = await import('../../../src/engine/adapter/write-peft-adapter.ts')
    const pairs = new Map(
      [0, 1].map((layer) => [`model.layers.${layer}.self_attn.q_proj`, { a: new Float32Array(4 * 10), b: new Float32Array(7 * 4) }]),
    )
    writePeftAdapter(misfit, { rank: 4, alpha: 8, targets: ['q_proj'], pairs })
    for (const other of [[], ['one']]) {
      for (const name of other) await load(name, ADAPTER)
      const answer = await load('misfit', misfit)
      expect([answer.status, answer.body.error?.message]).toEqual([400, expect.stringContaining('size mismatch')])
      expect(await names()).toEqual(['base', ...other])
      expect(await echo('base')).toEqual(base)
    }
    await ask('/v1/unload_lora_adapter', { lora_name: 'one' })
    expect((await load('gone', join(directory, 'gone'))).status).toBe(404)
    expect(await echo('base')).toEqual(base)
  })

  test('POST /holdfast/kl is zero for the base', async () => {
    const { body } = await ask('/holdfast/kl', { model: 'base', sequences: [{ ids: PROMPT, promptLength: 2 }] })
    expect(body.kl).toEqual([[0, 0]])
  })

  test('ends when its stdin ends', async () => {
    expect(await ended(server, () => server.stdin?.end())).toBe(0)
  })

  test('ends when its stdin ends while it loads', async () => {
    const early = startRunner(['holdfast_runner.serve', writeSpec(directory, 'early')])
    expect(await ended(early, () => early.stdin?.end())).toBe(0)
    expect(existsSync(join(directory, 'early.address.json'))).toBe(false)
  })
})

describe.skipIf(python === null)('serving_attached', () => {
  test('gives the exit code of the program it runs', async () => {
    const wrapper = startRunner(['holdfast_runner.serving_attached', 'sh', '-c', 'exit 7'])
    expect(await ended(wrapper, () => {})).toBe(7)
  })

  test.each([
    ['its stdin ends', (wrapper: ChildProcess): unknown => wrapper.stdin?.end()],
    ['it is told to end', (wrapper: ChildProcess): unknown => wrapper.kill('SIGTERM')],
  ])('ends the program and what that started when %s', async (_, end) => {
    const wrapper = startRunner(['holdfast_runner.serving_attached', 'sh', '-c', 'sleep 1000 & echo $!; wait'])
    const [output] = (await once(wrapper.stdout as NonNullable<typeof wrapper.stdout>, 'data')) as [Buffer]
    await ended(wrapper, () => end(wrapper))
    const grandchild = Number(output.toString())
    expect(grandchild).toBeGreaterThan(1)
    await untilGone(grandchild)
    expect(isRunning(grandchild)).toBe(false)
  })
})

function startRunner(args: readonly string[]): ChildProcess {
  const env = {
    ...process.env,
    PYTHONPATH: path('../../../src/python/runner'),
    HF_HUB_OFFLINE: '1',
    HOLDFAST_ATTACHED: '1',
    HOLDFAST_SERVE_TOKEN: 'secret',
    PYTHONDONTWRITEBYTECODE: '1',
  }
  return spawn(python ?? '', ['-m', ...args], { env, stdio: ['pipe', 'pipe', 'ignore'] })
}

function writeSpec(directory: string, name: string): string {
  const device = { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false }
  const base = { path: join(FIXTURES, 'llama-tied'), revision: null }
  const addressFile = join(directory, `${name}.address.json`)
  const file = join(directory, `${name}.json`)
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, base, name: 'base', stopIds: [2], padId: 0, device, addressFile }))
  return file
}

async function addressOf(directory: string, name: string): Promise<string> {
  const file = join(directory, `${name}.address.json`)
  while (!existsSync(file)) await delay(50)
  return (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url
}

async function ended(child: ChildProcess, end: () => unknown): Promise<number | null> {
  const exit = once(child, 'exit')
  end()
  const [code] = (await exit) as [number | null]
  return code
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(20)
}
