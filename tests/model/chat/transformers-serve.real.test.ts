import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message, Sampling } from '../../../src/eval/completion.ts'
import { openChatModel } from '../../../src/model/chat/open-chat-model.ts'
import { openModel } from '../../../src/model/open-model.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'

const NANO = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 12 }
const ask = (content: string): readonly Message[] => [{ role: 'user', content }]

/** A Python that can serve: HOLDFAST_SERVE_PYTHON, else the trainer's. */
async function servingPython(): Promise<string | null> {
  const python = process.env['HOLDFAST_SERVE_PYTHON'] ?? (await findTrainerPython())
  if (python === null || python === '') return null
  try {
    execFileSync(python, ['-c', 'import fastapi, uvicorn, openai, transformers.cli.serve'], { stdio: 'ignore' })
    return python
  } catch {
    console.log(
      'skipped: this Python cannot start transformers serve (it needs fastapi, uvicorn and openai); name one in HOLDFAST_SERVE_PYTHON',
    )
    return null
  }
}

const python = await servingPython()

describe.skipIf(python === null)('openChatModel() on transformers serve', { timeout: 180_000 }, () => {
  let server: ChildProcess
  let url = ''

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}/v1`
    const serve = ['-m', 'transformers.cli.transformers', 'serve', NANO, '--host', '127.0.0.1', '--port', String(port), '--device', 'cpu']
    server = spawn(python as string, serve, { stdio: 'ignore', env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' } })
    for (let i = 0; i < 600; i++) {
      if (
        await fetch(`http://127.0.0.1:${port}/health`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return
      await delay(200)
    }
  }, 150_000)
  afterAll(() => void server.kill('SIGKILL'))

  test('gives the greedy answers that the embedded engine gives, with usage and ends', async () => {
    const served = await openChatModel(`${url}#${NANO}`, { key: null })
    const local = await openModel(NANO, { cache: 'off', threads: 1 })
    const prompts = ['Hi', 'Refill to JSON: please send 2 boxes of omeprazole 20 mg', 'When is my appointment?'].map((content) => ({
      messages: ask(content),
      seeds: [1],
    }))
    const ours = (await local.model.generate(prompts, GREEDY)).flat()
    const theirs = (await served.model.generate(prompts, GREEDY)).flat()
    await local.close()
    expect(theirs.map(({ text, finishReason }) => [text.trim(), finishReason])).toEqual(
      ours.map(({ text, finishReason }) => [text.trim(), finishReason]),
    )
    expect(theirs.every(({ usage }) => (usage?.completionTokens ?? 0) > 0 && (usage?.promptTokens ?? 0) > 0)).toBe(true)
    // It gives no log-probabilities, so its weights cannot be told, and nothing of it may be cached.
    expect(served.fingerprint.hash).toBe(null)
    expect((await openModel(`${url}#${NANO}`, { key: null })).notCached).not.toBe(null)
  })

  // It draws greedily where the model's generation_config.json does not ask for sampling, whatever the temperature: other seeds need not differ.
  test('draws the same for the same seed', async () => {
    const { model } = await openChatModel(`${url}#${NANO}`, { key: null })
    const call = (): ReturnType<typeof model.generate> =>
      model.generate([{ messages: ask('Hi'), seeds: [1, 2] }], { ...GREEDY, temperature: 1 })
    expect(await call()).toEqual(await call())
  })

  test('completes text, and refuses a model that is not served', async () => {
    const { model } = await openChatModel(`${url}?api=completions#${NANO}`, { key: null })
    const [group] = await model.generate([{ messages: ask('The patient'), seeds: [1] }], GREEDY)
    expect(group?.[0]?.text).not.toBe('')
    expect(['stop', 'length']).toContain(group?.[0]?.finishReason)
    await expect(openChatModel(`${url}#nobody`, { key: null })).rejects.toMatchObject({ code: 'SERVER_MODEL_REFUSED' })
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
